"""Ways by which a caller's sound reaches the dialogue. Each makes a Line (`ivr/line.py`)."""
