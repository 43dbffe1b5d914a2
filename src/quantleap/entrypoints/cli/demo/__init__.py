"""The demo: the whole story of the sample catalog, told by the use cases on a clock of its own."""
