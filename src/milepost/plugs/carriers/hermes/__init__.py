"""Hermes Germany: its shipment information."""

from milepost.plugs.carriers.hermes.source import hermes

__all__ = ["hermes"]
