"""Paper: receipts as pictures for thermal printers in the booth's network, their jobs, and copies that say so."""
