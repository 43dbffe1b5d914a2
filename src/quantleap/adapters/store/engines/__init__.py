"""Engines of the record store. None imports another."""
