"""Ask a carrier's system over HTTP: tokens that are renewed, patience that ends, answers that are bounded, and a plain verdict.

Nothing here raises for what the other side does. The HTTP library is loaded when somebody is asked, not before.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from milepost.plugs.carriers.values import decimal
from milepost.way.tracking.polling import Polled, Verdict

if TYPE_CHECKING:
    import httpx

LARGEST = 4 * 1024 * 1024
SECONDS, SECONDS_TO_CONNECT = 15.0, 5.0
EARLY = timedelta(minutes=1)
LEAST_LIFE = timedelta(seconds=30)
LONGEST_REST = timedelta(days=1)
BEARER = "Bearer "
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Question:
    """One request to the carrier."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    form: Mapping[str, str] | None = None
    login: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a status, or none with the reason why nothing did."""

    status: int
    content_type: str = ""
    body: bytes = b""
    retry_after: timedelta | None = None
    says: str = ""


@dataclass
class Line:
    """The connection to one carrier; `transport` is another one in tests. Used by several threads."""

    transport: httpx.BaseTransport | None = None
    seconds: float = SECONDS
    _client: httpx.Client | None = field(default=None, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def send(self, question: Question, now: datetime) -> Answer:
        """The answer, at most `LARGEST` long; redirects are not followed."""
        import httpx

        try:
            with self._open().stream(
                question.method, question.url, headers=dict(question.headers), params=dict(question.params) or None,
                json=question.json, data=dict(question.form) if question.form is not None else None, auth=question.login,
            ) as response:  # fmt: skip
                body = _bounded(response)
                if body is None:
                    return Answer(0, says="The answer is longer than any could be.")
                return Answer(
                    response.status_code, response.headers.get("content-type", "")[:120], body,
                    _rest(response.headers.get("retry-after", ""), now),
                )  # fmt: skip
        except httpx.TimeoutException:
            return Answer(0, says="No answer in time.")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Answer(0, says=f"No connection ({type(error).__name__}).")

    def _open(self) -> httpx.Client:
        import httpx

        with self._lock:
            if self._client is None:
                self._client = httpx.Client(
                    transport=self.transport, follow_redirects=False,
                    headers={"User-Agent": "Milepost", "Accept": "application/json"},
                    timeout=httpx.Timeout(self.seconds, connect=min(self.seconds, SECONDS_TO_CONNECT)),
                )  # fmt: skip
            return self._client


def _bounded(response: httpx.Response) -> bytes | None:
    parts, size = [], 0
    for part in response.iter_bytes():
        size += len(part)
        if size > LARGEST:
            return None
        parts.append(part)
    return b"".join(parts)


def _rest(said: str, now: datetime) -> timedelta | None:
    """Retry-After: seconds, or a date."""
    number = decimal(said.strip())
    if number is not None:
        seconds = min(max(float(number), 0.0), LONGEST_REST.total_seconds())
        return timedelta(seconds=seconds)
    try:
        at = parsedate_to_datetime(said)
    except (ValueError, TypeError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(at - now, timedelta(0)), LONGEST_REST)


@dataclass
class Token:
    """An access token by client credentials (RFC 6749, 4.4), kept until shortly before it ends, for all threads."""

    line: Line
    question: Question
    _value: str = field(default="", repr=False)
    _until: datetime = LONG_AGO
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def get(self, now: datetime) -> str | Answer:
        """The token, or the answer that kept us from having one."""
        with self._lock:
            if self._value and now < self._until:
                return self._value
            answer = self.line.send(self.question, now)
            found, lasts = _granted(answer)
            if not found:
                return answer if answer.status != 200 else Answer(0, says="The answer holds no token.")
            self._value, self._until = found, now + max(lasts - EARLY, LEAST_LIFE)
            return found

    def forget(self, value: str) -> None:
        """This one is not taken any more."""
        with self._lock:
            if self._value == value:
                self._value = ""


def _granted(answer: Answer) -> tuple[str, timedelta]:
    if answer.status != 200:
        return "", timedelta(0)
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError):
        return "", timedelta(0)
    token = said.get("access_token") if isinstance(said, dict) else None
    if not isinstance(token, str) or not token.isascii() or not token.isprintable():
        return "", timedelta(0)
    lasts = decimal(said.get("expires_in"))
    return token, timedelta(seconds=float(min(max(lasts or 0, 0), 10**7)))


def ask(line: Line, token: Token, question: Callable[[str], Question], now: datetime) -> Answer:
    """Ask with a token; where it is not taken any more, once again with a new one."""
    for last in (False, True):
        value = token.get(now)
        if isinstance(value, Answer):
            return value if value.status not in (400, 401, 403) else Answer(401, says="No token for our credentials.")
        answer = line.send(question(BEARER + value), now)
        if answer.status != 401 or last:
            return answer
        token.forget(value)
    raise AssertionError("the second answer is returned")


def verdict_of(status: int) -> Verdict:
    """What a status means for asking again; 0 is no answer at all."""
    if status in (200, 207):
        return Verdict.ANSWERED
    if status == 404:
        return Verdict.NOT_FOUND
    if status in (401, 403, 407):
        return Verdict.LOCKED_OUT
    if status in (425, 429):
        return Verdict.TOO_OFTEN
    return Verdict.AWAY if status in (0, 408) or status >= 500 else Verdict.REFUSED


def polled(numbers: tuple[str, ...], answer: Answer, *, fingerprint: str = "") -> Polled:
    """The answer as tracking takes it; bytes are passed on only of what answers."""
    verdict = verdict_of(answer.status)
    says = "" if verdict in (Verdict.ANSWERED, Verdict.NOT_FOUND) else answer.says or f"It answers {answer.status}."
    return Polled(
        numbers=numbers, verdict=verdict, status=answer.status, content_type=answer.content_type,
        body=answer.body if verdict is Verdict.ANSWERED else b"", fingerprint=fingerprint, retry_after=answer.retry_after,
        says=says,
    )  # fmt: skip
