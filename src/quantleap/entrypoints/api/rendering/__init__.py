"""From domain values to the documents of answers."""
