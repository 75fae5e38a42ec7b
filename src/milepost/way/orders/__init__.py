"""Orders: what was agreed, in which stage it is, and what keeps it from moving."""
