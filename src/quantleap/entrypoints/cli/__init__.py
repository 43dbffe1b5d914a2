"""The command line: parses what was typed, calls one use case, shows the answer to people or as JSON."""
