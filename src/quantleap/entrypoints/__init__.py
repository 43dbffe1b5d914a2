"""The ways in: they parse, call one use case and render. None of them knows an adapter."""
