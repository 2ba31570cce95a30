"""Fair series, their editions, permanent showrooms, and the booths in them."""
