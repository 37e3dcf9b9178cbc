"""What is printed: static codes for windows, halls and terminals, and the 复核单. PDF and SVG."""
