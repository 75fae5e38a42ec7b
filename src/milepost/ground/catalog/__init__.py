"""What can be ordered: items with price, unit and usual quantity."""
