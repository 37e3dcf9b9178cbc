"""A call without a switch, for trying the service out: the caller's side."""
