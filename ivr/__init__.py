"""The telephone. Empty so far."""
