"""Domain values as items, and back."""
