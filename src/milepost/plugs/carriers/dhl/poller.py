"""Ask DHL: Shipment Tracking Unified with an API key, and MyDHL with the login of an Express account. One parcel a call."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from milepost.plugs.carriers.asking import Line, Question, polled
from milepost.way.tracking.polling import Asked, Polled

UNIFIED, EXPRESS = "https://api-eu.dhl.com", "https://express.api.dhl.com"


@dataclass
class DhlPoller:
    """DHL, whichever of its systems carries the parcel."""

    key: str = field(repr=False)
    url: str = UNIFIED
    line: Line = field(default_factory=Line, repr=False)
    name: str = "dhl"
    carriers: Sequence[str] = ("dhl", "deutsche post")
    at_once: int = 1

    def poll(self, asked: Sequence[Asked], now: datetime) -> Polled:
        """The events of one parcel."""
        number = asked[0].number
        question = Question(
            "GET", f"{self.url}/track/shipments", headers={"DHL-API-Key": self.key},
            params={"trackingNumber": number, "language": "en"},
        )  # fmt: skip
        return polled((number,), self.line.send(question, now))


@dataclass
class DhlExpressPoller:
    """DHL Express by MyDHL."""

    user: str
    password: str = field(repr=False)
    url: str = EXPRESS
    line: Line = field(default_factory=Line, repr=False)
    name: str = "dhl_express"
    carriers: Sequence[str] = ("dhl express",)
    at_once: int = 1

    def poll(self, asked: Sequence[Asked], now: datetime) -> Polled:
        """The checkpoints of one shipment."""
        number = asked[0].number
        question = Question(
            "GET", f"{self.url}/mydhlapi/shipments/{quote(number, safe='')}/tracking",
            params={"trackingView": "all-checkpoints", "levelOfDetail": "all"}, login=(self.user, self.password),
        )  # fmt: skip
        return polled((number,), self.line.send(question, now))
