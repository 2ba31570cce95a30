"""The drawer: till sessions opened and closed, cash put in and taken out, and the Z report that a closing freezes."""
