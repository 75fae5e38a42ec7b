"""Health: how the house itself does, for IT: what waits, what failed, what ran last (OPS-1)."""
