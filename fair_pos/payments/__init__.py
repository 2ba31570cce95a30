"""Where transfers go, and whether the money came."""
