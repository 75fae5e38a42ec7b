"""Close-out: is the customer content? Acceptance, feedback, and the end of an order's way."""
