"""Landmark Global: the XML answer of its Track API."""

from milepost.plugs.carriers.landmark.source import landmark

__all__ = ["landmark"]
