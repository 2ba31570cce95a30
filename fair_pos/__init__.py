"""fair_pos: the fair and showroom till that loses nothing."""
