"""UPS: the Tracking API and Track Alert, by UPS's published descriptions of both."""

from milepost.plugs.carriers.ups.poller import UpsPoller
from milepost.plugs.carriers.ups.source import Ups

__all__ = ["Ups", "UpsPoller"]
