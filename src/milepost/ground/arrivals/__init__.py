"""What peers sent, byte for byte, what became of it, and what they were answered."""
