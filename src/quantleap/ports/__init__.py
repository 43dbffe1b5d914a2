"""What the use cases need of the world, as Protocols whose docstrings promise behaviour. Adapters keep the promises."""
