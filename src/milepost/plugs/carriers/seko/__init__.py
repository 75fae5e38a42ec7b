"""SEKO OmniParcel."""

from milepost.plugs.carriers.seko.source import seko

__all__ = ["seko"]
