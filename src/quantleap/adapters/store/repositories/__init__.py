"""The repositories: ports kept over any engine."""
