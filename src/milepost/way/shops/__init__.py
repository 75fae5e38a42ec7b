"""Web shops: what they say of their orders, in whatever order it reaches us, and what we make of it."""
