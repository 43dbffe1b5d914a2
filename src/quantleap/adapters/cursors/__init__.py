"""How positions of lists travel through callers."""
