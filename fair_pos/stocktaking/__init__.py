"""Stock counted while selling goes on, with or without a network, and what was missing."""
