"""The HTTP API as data and plain functions, whatever carries its requests."""
