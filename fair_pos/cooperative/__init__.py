"""How a cooperative shares its proceeds among its member households by what they delivered."""
