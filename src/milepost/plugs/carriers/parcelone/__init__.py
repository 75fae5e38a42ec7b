"""Parcel.One: its tracking API."""

from milepost.plugs.carriers.parcelone.source import parcelone

__all__ = ["parcelone"]
