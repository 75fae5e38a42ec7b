"""Webhooks out: peers subscribe to what happens to orders, and are told of it, signed, in sequence, until they have it."""
