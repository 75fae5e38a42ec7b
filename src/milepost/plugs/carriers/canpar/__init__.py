"""Canpar Express: the SOAP answer of its tracking by barcode."""

from milepost.plugs.carriers.canpar.source import canpar

__all__ = ["canpar"]
