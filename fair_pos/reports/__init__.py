"""Figures of an edition, the receipts behind each of them, and what a person should look at. Reads many features, writes nothing."""
