"""Products, their prices over time, and the price lists that tills hold."""
