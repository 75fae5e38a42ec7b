"""The page of an order: what it shows, what can be done with it and why something cannot."""
