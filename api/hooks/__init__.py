"""What other systems call when something has happened there."""
