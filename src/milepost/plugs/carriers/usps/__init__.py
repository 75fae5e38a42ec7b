"""USPS: Tracking 3.0 and its subscriptions, by their published descriptions."""

from milepost.plugs.carriers.usps.poller import UspsPoller
from milepost.plugs.carriers.usps.source import Usps

__all__ = ["Usps", "UspsPoller"]
