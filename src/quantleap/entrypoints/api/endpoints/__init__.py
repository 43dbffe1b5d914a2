"""Endpoints: each calls one use case."""
