"""Ask USPS's Tracking API (v3r2): up to 35 parcels a call."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from milepost.plugs.carriers.asking import Line, Question, Token, ask, polled
from milepost.way.tracking.polling import Asked, Polled

LIVE = "https://apis.usps.com"


@dataclass
class UspsPoller:
    """USPS, with an app's consumer key and secret, which must have been granted the scope `tracking`."""

    client_id: str
    secret: str = field(repr=False)
    url: str = LIVE
    line: Line = field(default_factory=Line, repr=False)
    name: str = "usps"
    carriers: Sequence[str] = ("usps", "united states postal service", "us postal service")
    at_once: int = 35

    def __post_init__(self) -> None:
        body = {
            "grant_type": "client_credentials", "client_id": self.client_id, "client_secret": self.secret, "scope": "tracking",
        }  # fmt: skip
        self.token = Token(self.line, Question("POST", f"{self.url}/oauth2/v3/token", json=body))

    def poll(self, asked: Sequence[Asked], now: datetime) -> Polled:
        """All events of these parcels; those that USPS does not know stand among the others with their error."""
        body = [{"trackingNumber": one.number} for one in asked]

        def question(bearer: str) -> Question:
            return Question("POST", f"{self.url}/tracking/v3r2/tracking", headers={"Authorization": bearer}, json=body)

        return polled(tuple(one.number for one in asked), ask(self.line, self.token, question, now))
