"""Benches: each compares this package with a peer in one run and judges the ratio, never a duration."""
