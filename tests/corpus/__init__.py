"""The corpus of mail: messages with their labels, and the shop that they were written to."""
