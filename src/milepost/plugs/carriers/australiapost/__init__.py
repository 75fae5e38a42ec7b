"""Australia Post: its Shipping & Tracking API."""

from milepost.plugs.carriers.australiapost.source import australiapost

__all__ = ["australiapost"]
