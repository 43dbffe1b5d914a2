"""Lots: what a multiplier makes of a strategy's legs, how accounts share it, and how it is cut into orders."""
