"""SmartKargo: air freight to the door."""

from milepost.plugs.carriers.smartkargo.source import smartkargo

__all__ = ["smartkargo"]
