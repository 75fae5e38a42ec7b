"""Ask FedEx's Track API: up to 30 parcels a call."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

from milepost.kernel.refusals import Refused
from milepost.plugs.carriers.asking import Line, Question, Token, ask, polled
from milepost.plugs.carriers.values import load, part
from milepost.way.tracking.polling import Asked, Polled

LIVE = "https://apis.fedex.com"
BEFORE, AFTER = timedelta(days=7), timedelta(days=45)
"""Around the hand-over: FedEx uses numbers again."""


@dataclass
class FedexPoller:
    """FedEx, with a project's API key and secret."""

    client_id: str
    secret: str = field(repr=False)
    url: str = LIVE
    line: Line = field(default_factory=Line, repr=False)
    name: str = "fedex"
    carriers: Sequence[str] = ("fedex", "federal express")
    at_once: int = 30

    def __post_init__(self) -> None:
        form = {"grant_type": "client_credentials", "client_id": self.client_id, "client_secret": self.secret}
        self.token = Token(self.line, Question("POST", f"{self.url}/oauth/token", form=form))

    def poll(self, asked: Sequence[Asked], now: datetime) -> Polled:
        """All scans of these parcels."""
        body = {"includeDetailedScans": True, "trackingInfo": [_info(one) for one in asked]}

        def question(bearer: str) -> Question:
            headers = {"Authorization": bearer, "X-locale": "en_US", "x-customer-transaction-id": uuid4().hex}
            return Question("POST", f"{self.url}/track/v1/trackingnumbers", headers=headers, json=body)

        answer = ask(self.line, self.token, question, now)
        return polled(tuple(one.number for one in asked), answer, fingerprint=_lasting(answer.body))


def _info(one: Asked) -> dict[str, Any]:
    return {
        "trackingNumberInfo": {"trackingNumber": one.number},
        "shipDateBegin": (one.shipped_at - BEFORE).date().isoformat(),
        "shipDateEnd": (one.shipped_at + AFTER).date().isoformat(),
    }


def _lasting(body: bytes) -> str:
    """A digest of the answer without its transaction, which is another one each time."""
    try:
        said = load(body)
    except Refused:
        return ""
    output = part(said, "output")
    return sha256(repr(output).encode("utf-8", "replace")).hexdigest() if output else ""
