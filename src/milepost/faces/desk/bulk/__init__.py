"""One verb for many rows of a list: chosen, looked at, done, with its progress."""
