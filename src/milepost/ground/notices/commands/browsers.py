"""Browsers that take pushes: noted when they ask for it, forgotten when they take none any more."""

import base64
import binascii
from collections.abc import Collection
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from django.db import connection

from milepost.ground.notices.models import Browser
from milepost.ground.notices.words import BrowserDraft
from milepost.kernel.acts import Act
from milepost.kernel.ids import new_id
from milepost.kernel.refusals import Refusal, Refused

BAD_BROWSER = Refusal(
    code="bad_subscription",
    says="This browser's answer cannot be used for messages.",
    do="Try it in another browser, or choose another way to hear from us.",
)
MOST = 20  # browsers of one person, for one order or for all
LONGEST = 1000


def note_browser(
    draft: BrowserDraft, *, recipient_key: str, services: Collection[str], act: Act, order_id: int | None = None
) -> None:
    """Let pushes for somebody go to this browser, for one order or for all; again, it changes nothing.

    `services` are the push services that we send to, as hosts or ".domain": whoever asks could name any address. Of very many
    browsers of one person the oldest are forgotten. Refuses `bad_subscription`.
    """
    if not (_is_service(draft.endpoint, services) and _bytes(draft.p256dh, 65) and _bytes(draft.auth, 16)):
        raise Refused(BAD_BROWSER)
    values: list[Any] = [
        new_id(), recipient_key, order_id, draft.endpoint, _digest(draft.endpoint), draft.p256dh, draft.auth, act.at,
        recipient_key, order_id, MOST - 1,
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, values)


def forget_browser(endpoint: str, *, recipient_key: str | None = None, order_id: int | None = None) -> None:
    """Send no more pushes there: to anybody or, with a key, to this person (and order)."""
    rows = Browser.objects.filter(endpoint_digest=_digest(endpoint))
    if recipient_key is not None:
        rows = rows.filter(recipient_key=recipient_key, order_id=order_id)
    rows.delete()


def forget_browsers(endpoints: Collection[str]) -> None:
    """The push service says that these are gone for good. One statement."""
    Browser.objects.filter(endpoint_digest__in=[_digest(one) for one in endpoints]).delete()


def _digest(endpoint: str) -> bytes:
    return sha256(endpoint.encode()).digest()


def _is_service(endpoint: str, services: Collection[str]) -> bool:
    """Whether it is an address of a push service that we know: nothing else is ever called."""
    if len(endpoint) > LONGEST or not endpoint.isascii() or not endpoint.isprintable():
        return False
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    known = any(host == one or (one.startswith(".") and host.endswith(one)) for one in services)
    return parts.scheme == "https" and known and port in (None, 443) and not (parts.username or parts.password)


def _bytes(text: str, size: int) -> bool:
    try:
        return len(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)) == size
    except (binascii.Error, ValueError):
        return False


_NOTE = """
WITH made AS (
    INSERT INTO notices_browser (id, recipient_key, order_id, endpoint, endpoint_digest, p256dh, auth, since)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (endpoint_digest, recipient_key, order_id) DO UPDATE SET p256dh = excluded.p256dh, auth = excluded.auth,
        since = excluded.since
)
DELETE FROM notices_browser WHERE id IN (
    SELECT id FROM notices_browser WHERE recipient_key = %s AND order_id IS NOT DISTINCT FROM %s::bigint
    ORDER BY since DESC, id OFFSET %s
)
"""
