"""The demo: five jurisdictions and a sixth, invented one, on a clock that can be moved."""
