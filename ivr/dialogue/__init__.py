"""What is asked of a caller, and what becomes of the answers."""
