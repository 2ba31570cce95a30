"""What each owner is owed: frozen, numbered statements, what was carried over, and payouts."""
