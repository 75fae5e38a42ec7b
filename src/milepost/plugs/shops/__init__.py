"""Web shops' systems."""
