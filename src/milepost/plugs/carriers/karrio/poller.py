"""Ask a carrier by karrio. What karrio makes of statuses and times is not used: only the carrier's answer is taken from it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from milepost.way.tracking.polling import Asked, Polled, Verdict

NAMES: Mapping[str, str] = {"dhl_universal": "dhl", "mydhl": "dhl_express"}
"""Ours, where karrio calls a system otherwise."""


@dataclass
class KarrioPoller:
    """One of karrio's carriers; its account as karrio wants it. Needs the extra `karrio` and karrio's package of the carrier."""

    carrier: str
    account: Mapping[str, Any] = field(repr=False)
    at_once: int = 1
    _gateway: Any = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """Of the reader of this carrier's answers."""
        return NAMES.get(self.carrier, self.carrier)

    @property
    def carriers(self) -> Sequence[str]:
        """As parcels call it."""
        return (self.name.replace("_", " "),)

    def poll(self, asked: Sequence[Asked], now: datetime) -> Polled:
        """The carrier's answer about one parcel, as it came through karrio."""
        numbers = (asked[0].number,)
        try:
            body = _body(self._ask(asked[0].number))
        except Exception as error:
            return Polled(numbers=numbers, verdict=Verdict.AWAY, says=f"karrio failed ({type(error).__name__}).")
        if body is None:
            return Polled(numbers=numbers, verdict=Verdict.AWAY, says="karrio brought no answer.")
        kind = "application/xml" if body.lstrip()[:1] == b"<" else "application/json"
        return Polled(numbers=numbers, verdict=Verdict.ANSWERED, status=200, content_type=kind, body=body)

    def _ask(self, number: str) -> Any:
        import karrio.sdk as karrio
        from karrio.core.models import TrackingRequest

        if self._gateway is None:
            self._gateway = karrio.gateway[self.carrier].create(dict(self.account))
        request = self._gateway.mapper.create_tracking_request(TrackingRequest(tracking_numbers=[number]))
        return self._gateway.proxy.get_tracking(request).value


def _body(answer: Any) -> bytes | None:
    """The carrier's bytes; karrio may give them as text, beside their number, or taken apart already."""
    if isinstance(answer, list | tuple) and len(answer) == 1:
        return _body(answer[0])
    if isinstance(answer, tuple) and len(answer) == 2:
        return _body(answer[1])
    if isinstance(answer, bytes):
        return answer or None
    if isinstance(answer, str):
        return answer.encode("utf-8", "replace") or None
    return json.dumps(answer).encode() if isinstance(answer, dict | list) and answer else None
