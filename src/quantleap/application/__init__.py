"""Use cases: one class a capability, ports in the constructor. The only place that orchestrates.

Each method takes the principal first, refuses early, and makes its whole change in one commit.
"""
