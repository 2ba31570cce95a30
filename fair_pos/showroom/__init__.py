"""A permanent place: which goods are shown there and on what grounds."""
