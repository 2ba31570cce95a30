"""Proof that nothing was lost or changed: everything stored is computed again from the commands as received."""
