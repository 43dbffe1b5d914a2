"""How answers look: views for people, on a terminal and in a pipe, and exact JSON for machines."""
