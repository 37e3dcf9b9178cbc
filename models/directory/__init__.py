"""Who serves whom: regions, agencies, halls, windows, staff, items, themes and platforms."""
