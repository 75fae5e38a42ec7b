"""Messages on every channel: planned once, re-checked, sent, never twice and never lost. Knows nothing of orders."""
