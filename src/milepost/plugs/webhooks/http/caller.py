"""Call endpoints on a guarded line: a few at a time, no redirect followed, no more read than is needed."""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import groupby
from uuid import UUID

import httpx

from milepost.ground.webhooks.words import Answer, Call
from milepost.plugs.http import Forbidden, client

TIMEOUT = httpx.Timeout(15.0, connect=5.0)
AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class HttpCaller:
    """Posts events; `allowed` are hosts of our own network that the installation trusts ("127.0.0.1:8099")."""

    allowed: frozenset[str] = frozenset()
    line: Callable[[], httpx.Client] | None = field(default=None, repr=False)
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC), repr=False)

    def call(self, calls: Sequence[Call]) -> Mapping[UUID, Answer]:
        """What came back. The calls of one endpoint go one after another, in their order; endpoints side by side."""
        shares = [list(share) for _, share in groupby(calls, key=lambda call: call.url)]
        if not shares:
            return {}
        answers: dict[UUID, Answer] = {}
        with self._line() as line, ThreadPoolExecutor(min(AT_ONCE, len(shares)), thread_name_prefix="webhooks") as pool:
            for told in pool.map(lambda share: [(call.delivery_id, self._post(line, call)) for call in share], shares):
                answers.update(told)
        return answers

    def _line(self) -> httpx.Client:
        return self.line() if self.line else client(timeout=TIMEOUT, allowed=self.allowed)

    def _post(self, line: httpx.Client, call: Call) -> Answer:
        began = time.monotonic()
        try:
            with line.stream("POST", call.url, content=call.body, headers=dict(call.headers)) as answer:
                status, wait = answer.status_code, self._asked_to_wait(answer)
                detail = "redirected; redirects are not followed" if answer.has_redirect_location else ""
        except Forbidden:
            return Answer(detail="the address is not public", took_ms=_since(began))
        except (httpx.HTTPError, httpx.InvalidURL) as trouble:
            return Answer(detail=f"nobody answers ({type(trouble).__name__})", took_ms=_since(began))
        return Answer(status=status, detail=detail, wait=wait, took_ms=_since(began))

    def _asked_to_wait(self, answer: httpx.Response) -> timedelta | None:
        """Retry-After: seconds, or a date (RFC 9110, 10.2.3); what cannot be read counts as not said."""
        said = answer.headers.get("retry-after", "").strip()
        if said.isdecimal():
            return timedelta(seconds=min(int(said), 10**7))
        try:
            when = parsedate_to_datetime(said) if said else None
        except ValueError:
            return None
        if when is None:
            return None
        return max(timedelta(0), (when if when.tzinfo else when.replace(tzinfo=UTC)) - self.clock())


def _since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)
