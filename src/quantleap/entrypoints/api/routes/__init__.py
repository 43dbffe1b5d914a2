"""The routes as data: a module for each kind of caller, `table` with all of them, `by_function` for each function."""
