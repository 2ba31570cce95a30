"""Tables of cooperative."""
