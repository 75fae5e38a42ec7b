"""FedEx: the Basic Integrated Visibility (Track) API, by its published description."""

from milepost.plugs.carriers.fedex.poller import FedexPoller
from milepost.plugs.carriers.fedex.source import fedex

__all__ = ["FedexPoller", "fedex"]
