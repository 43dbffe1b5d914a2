"""A user's subscription of a template basket: its states, its moves, its history and its events."""
