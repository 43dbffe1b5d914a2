"""Tokens: verified with their issuer's keys, and issued for development."""
