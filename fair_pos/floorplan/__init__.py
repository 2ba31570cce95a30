"""The plan of a fair: where each booth stands, laid out by dragging."""
