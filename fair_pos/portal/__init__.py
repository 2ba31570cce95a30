"""What a producer sees of their own goods and money, and nothing of anybody else's."""
