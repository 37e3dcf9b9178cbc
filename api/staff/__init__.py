"""/staff: the console of those who handle orders."""
