"""How many people came: gates and their phones, taps, corrections, paper tallies, counters, and what all of them say together."""
