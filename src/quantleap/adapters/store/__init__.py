"""The record store: one table description, records and repositories, over engines that know nothing of the domain."""
