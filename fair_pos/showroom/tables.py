"""Tables of showroom."""
