"""Adapters: the outside, plugged into the ports."""
