"""Sales and refunds as they happened, what is odd about them, and the daily figures they add up to."""
