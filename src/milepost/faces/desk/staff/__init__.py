"""Staff: signing in, their own accounts, and who may do what."""
