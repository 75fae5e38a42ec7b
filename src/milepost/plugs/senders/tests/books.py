"""The small world of senders' tests: lanes that remember, a provider that answers as it is told, messages."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import httpx

from milepost.ground.notices.words import Delivery, Letter, Message, Outcome, Question, Result

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
REFERENCE = "01957f5a2b7c7d8e9fa0b1c2d3e4f506"


class Books:
    """Lanes that remember; `lost` are the references that another worker has by now."""

    def __init__(self, lost: frozenset[str] = frozenset()) -> None:
        self.lost = lost
        self.handed: list[str] = []
        self.told: dict[str, Outcome] = {}

    @contextmanager
    def open(self) -> Iterator["Books"]:
        yield self

    def hand_over(self, references):
        self.handed += references
        return frozenset(references) - self.lost

    def tell(self, outcomes):
        self.told |= outcomes

    @property
    def results(self) -> dict[str, Result]:
        return {reference: outcome.result for reference, outcome in self.told.items()}


class Provider:
    """Answers each call by `says`, and keeps what it was asked."""

    def __init__(self, says: Callable[[httpx.Request], httpx.Response]) -> None:
        self.calls: list[httpx.Request] = []
        self._says = says

    @property
    def transport(self) -> httpx.MockTransport:
        def answer(request: httpx.Request) -> httpx.Response:
            self.calls.append(request)
            return self._says(request)

        return httpx.MockTransport(answer)


def text_message(
    reference: str = REFERENCE, lane: int = 1, *, to: str = "+49 171 2345678", text: str = "It is on its way."
) -> Message:
    return Message(
        reference=reference, lane=lane, letter=Letter(address=to, name="Ada", subject="", text=text, html="")
    )


def question(*, minutes: float = 1, text: str = "It is on its way.") -> Question:
    return Question(
        reference=REFERENCE,
        address="+49 171 2345678",
        text=text,
        handed_at=NOW,
        asked_at=NOW + timedelta(minutes=minutes),
    )


def delivery(body: bytes, *, url: str = "https://shop.example/webhooks/receipts/x/", **headers: str) -> Delivery:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Delivery(url=url, headers=named, body=body, received_at=NOW)
