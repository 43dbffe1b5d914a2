"""Use cases: one class a capability, ports in the constructor. The only place that orchestrates.

Each method that answers to somebody takes the principal first; it refuses early and makes its change in one commit.
"""
