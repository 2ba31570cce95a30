"""The server half of the tablet till: pairing, price list, and the parcels in which commands arrive."""
