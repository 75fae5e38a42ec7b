"""Ask providers whether they have a message, each as its documentation says.

Mailgun lists events by Message-ID and tells them late; Postmark lists messages by metadata. That a message is not in such a list
proves nothing, so neither ever says that it does not have one: the next may find it, and after a while a person decides.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import httpx

from milepost.ground.notices.words import Answer, Question

SLACK = timedelta(minutes=5)


def _mailgun(client: httpx.Client, settings: Mapping[str, str], question: Question, message_id: str) -> Answer:
    base = (settings.get("api_url") or "https://api.mailgun.net/v3").rstrip("/")
    asked: dict[str, str | float] = {
        "message-id": message_id.strip("<>"), "begin": (question.handed_at - SLACK).timestamp(), "ascending": "yes",
        "limit": 1,
    }  # fmt: skip
    url, auth = f"{base}/{settings.get('sender_domain', '')}/events", ("api", settings.get("api_key", ""))
    return _found(lambda: client.get(url, params=asked, auth=auth), "items")


def _postmark(client: httpx.Client, settings: Mapping[str, str], question: Question, _: str) -> Answer:
    base = (settings.get("api_url") or "https://api.postmarkapp.com").rstrip("/")
    asked: dict[str, str | float] = {"count": 1, "offset": 0, "metadata_reference": question.reference}
    headers = {"X-Postmark-Server-Token": settings.get("server_token", ""), "Accept": "application/json"}
    return _found(lambda: client.get(f"{base}/messages/outbound", params=asked, headers=headers), "Messages")


def _found(call: Callable[[], httpx.Response], name: str) -> Answer:
    try:
        answer = call()
        answer.raise_for_status()
        said: Any = answer.json()
        return Answer.FOUND if said[name] else Answer.NOT_YET
    except (httpx.HTTPError, ValueError, TypeError, KeyError):
        return Answer.NOT_YET


Ask = Callable[[httpx.Client, Mapping[str, str], Question, str], Answer]
ASKED: Mapping[str, Ask] = {"mailgun": _mailgun, "postmark": _postmark}
