"""The pure core: values in, values and events out. No clock, randomness, environment, network or float."""
