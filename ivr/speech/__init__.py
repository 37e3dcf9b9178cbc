"""From a recording to words."""
