"""Send to browsers: the content sealed for each of them, the request signed with our VAPID key.

What reads and writes these seals takes 30 MiB, so it is loaded when the first push is sent.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson

from milepost.ground.notices.ports import Lanes
from milepost.ground.notices.words import Answer, Browser, Message, Outcome, Result
from milepost.plugs.senders import calls

LONGEST_TEXT = 600
KEEP = timedelta(hours=24)
"""How long a push service keeps what it cannot bring to the browser at once."""
VALID = timedelta(hours=12)
"""How long our signature is good for; 24 hours at most (RFC 8292, 2)."""
TIMEOUT = 10.0
GONE = frozenset({404, 410})
TAKEN = frozenset({200, 201, 202, 204})
LATER = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, kw_only=True)
class WebPushSender:
    """Serves web push. `browsers` finds those of people by their keys, `forget` drops those that are gone for good."""

    private_key: str
    contact: str
    browsers: Callable[[Collection[str]], Mapping[str, Sequence[Browser]]]
    forget: Callable[[Collection[str]], None]
    clock: Callable[[], datetime]
    transport: httpx.BaseTransport | None = None
    name: str = "web_push"
    channel: str = "web_push"
    _gone: set[str] = field(default_factory=set)

    def send(self, messages: Sequence[Message], lanes: Lanes) -> None:
        """Each message to all browsers of its recipient that want it; it counts as sent when one has taken it."""
        found = self.browsers({message.letter.address for message in messages})

        def say(message: Message) -> Outcome:
            theirs = found.get(message.letter.address, ())
            return self._push(message, [one for one in theirs if one.order_id in (None, message.lane or None)])

        try:
            calls.each(messages, lanes, say, flaw=lambda _: None)
        finally:
            if self._gone:
                self.forget(self._gone)
                self._gone.clear()

    def lookup(self, references: Sequence[str]) -> Mapping[str, Answer]:
        """As good as absent: a push that comes twice takes the place of the first (RFC 8030, 5.4; the notification's tag)."""
        return dict.fromkeys(references, Answer.ABSENT)

    def _push(self, message: Message, browsers: Sequence[Browser]) -> Outcome:
        results = [self._to(browser, message) for browser in browsers]
        taken = results.count(Result.SENT)
        if taken:
            return Outcome(
                result=Result.SENT, detail=f"{taken} of {len(browsers)} browsers" if len(browsers) > 1 else ""
            )
        for result in (Result.DEFERRED, Result.UNREACHABLE):
            if result in results:
                return Outcome(result=result, detail="the push service")
        return Outcome(result=Result.REFUSED, detail="no browser takes it any more")

    def _to(self, browser: Browser, message: Message) -> Result:
        """One browser. A time-out is no doubt: to send it again does no harm."""
        try:
            answer = self._client.post(
                browser.endpoint, content=self._sealed(browser, message), headers=self._headers(browser, message)
            )
        except httpx.ConnectError:
            return Result.UNREACHABLE
        except httpx.HTTPError:
            return Result.DEFERRED
        if answer.status_code in GONE:
            self._gone.add(browser.endpoint)
        if answer.status_code in TAKEN:
            return Result.SENT
        return Result.DEFERRED if answer.status_code in LATER else Result.REFUSED

    def _sealed(self, browser: Browser, message: Message) -> bytes:
        from pywebpush import WebPusher

        keys = {"endpoint": browser.endpoint, "keys": {"p256dh": browser.p256dh, "auth": browser.auth}}
        body: bytes = WebPusher(keys).encode(content(message))["body"]
        return body

    def _headers(self, browser: Browser, message: Message) -> dict[str, str]:
        place = urlsplit(browser.endpoint)
        claims = {
            "aud": f"{place.scheme}://{place.netloc}", "sub": self.contact, "exp": int((self.clock() + VALID).timestamp()),
        }  # fmt: skip
        return {
            **self._key.sign(claims), "Content-Encoding": "aes128gcm", "Content-Type": "application/octet-stream",
            "TTL": str(int(KEEP.total_seconds())), "Topic": message.reference[:32], "Urgency": "normal",
        }  # fmt: skip

    @cached_property
    def _client(self) -> httpx.Client:
        return httpx.Client(timeout=TIMEOUT, follow_redirects=False, transport=self.transport)

    @cached_property
    def _key(self) -> Any:
        from py_vapid import Vapid02

        return Vapid02.from_string(self.private_key)


def content(message: Message) -> bytes:
    """What our service worker reads: the words, where they lead, and a tag, so that the same message shows once."""
    letter = message.letter
    return orjson.dumps(
        {
            "title": letter.subject[:120], "body": letter.text[:LONGEST_TEXT], "url": letter.link, "tag": message.reference,
            "lang": letter.language,
        }
    )  # fmt: skip
