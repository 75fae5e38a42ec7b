"""Milepost takes an order from receipt to close-out and never lets it go quiet."""

__version__ = "0.1.0"
