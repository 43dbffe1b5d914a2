"""Execution: when a strategy runs, what each subscriber trades in the run, and the life of every order intent."""
