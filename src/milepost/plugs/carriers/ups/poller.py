"""Ask UPS's Tracking API: one parcel a call."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote
from uuid import uuid4

from milepost.plugs.carriers.asking import Line, Question, Token, ask, polled
from milepost.way.tracking.polling import Asked, Polled

LIVE = "https://onlinetools.ups.com"


@dataclass
class UpsPoller:
    """UPS, with an application's client id and secret. `url` is another one for UPS's test environment."""

    client_id: str
    secret: str = field(repr=False)
    url: str = LIVE
    line: Line = field(default_factory=Line, repr=False)
    name: str = "ups"
    carriers: Sequence[str] = ("ups", "united parcel service")
    at_once: int = 1

    def __post_init__(self) -> None:
        self.token = Token(
            self.line,
            Question(
                "POST", f"{self.url}/security/v1/oauth/token", form={"grant_type": "client_credentials"},
                login=(self.client_id, self.secret),
            ),
        )  # fmt: skip

    def poll(self, asked: Sequence[Asked], now: datetime) -> Polled:
        """The details of one parcel."""
        number = asked[0].number
        url = f"{self.url}/api/track/v1/details/{quote(number, safe='')}"

        def question(bearer: str) -> Question:
            return Question(
                "GET", url, headers={"Authorization": bearer, "transId": uuid4().hex, "transactionSrc": "milepost"},
                params={"locale": "en_US", "returnSignature": "false"},
            )  # fmt: skip

        return polled((number,), ask(self.line, self.token, question, now))
