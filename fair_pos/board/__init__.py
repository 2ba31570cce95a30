"""The live board: the organiser's, the wall's with a display token, and the public one."""
