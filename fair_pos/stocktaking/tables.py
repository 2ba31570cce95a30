"""Tables of stocktaking."""
