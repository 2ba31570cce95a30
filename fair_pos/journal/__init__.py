"""What happened: append-only, for people to read."""
