"""Read access: the key behind a plain text, staff, and the stored answer of a call."""

import hmac

from django.db import connection

from milepost.ground.access.models import ApiKey, Staff
from milepost.ground.access.rules import digest, key_prefix
from milepost.ground.access.words import KeyCard, KeyRow, StaffCard, StoredAnswer
from milepost.kernel.refusals import Refusal, Refused

KEY_REUSED = Refusal(
    code="key_reused", says="This idempotency key was used for another request.",
    do="Use a new key for a new request; repeat a request with the very same body.", field="Idempotency-Key",
)  # fmt: skip


def key_parts(plain: str) -> tuple[str, bytes] | None:
    """Prefix and digest by which the row of a key is found, for reads that look it up in passing; None for what is no key."""
    prefix = key_prefix(plain)
    return (prefix, digest(plain)) if prefix and len(plain) <= 200 else None


def key_behind(plain: str) -> KeyCard | None:
    """The valid API key with this plain text, or None. One tiny statement."""
    prefix = key_prefix(plain)
    if not prefix or len(plain) > 200:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, name, scopes, digest FROM access_api_key WHERE prefix = %s AND revoked_at IS NULL", [prefix]
        )
        row = cursor.fetchone()
    if row is None or not hmac.compare_digest(bytes(row[3]), digest(plain)):
        return None
    return KeyCard(row[0], row[1], frozenset(row[2]))


def replayed(key_id: int, key: str, fingerprint: bytes) -> StoredAnswer | None:
    """What this call was answered before, or None when it is new. Refuses `key_reused` (422) for another request."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT fingerprint, status, content_type, response FROM access_idempotent_call WHERE key_id = %s AND key = %s",
            [key_id, key],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    if bytes(row[0]) != fingerprint:
        raise Refused(KEY_REUSED)
    return StoredAnswer(status=row[1], content_type=row[2], response=bytes(row[3]))


def caller(plain: str, key: str, fingerprint: bytes) -> tuple[KeyCard | None, StoredAnswer | None]:
    """Both of the above at once, for a call that changes something: the valid API key, and what the call was answered before.

    One statement. Refuses `key_reused` (422) when the idempotency key was used for another request.
    """
    prefix = key_prefix(plain)
    if not prefix or len(plain) > 200:
        return None, None
    with connection.cursor() as cursor:
        cursor.execute(_CALLER, [key, prefix])
        row = cursor.fetchone()
    if row is None or not hmac.compare_digest(bytes(row[3]), digest(plain)):
        return None, None
    card = KeyCard(row[0], row[1], frozenset(row[2]))
    if row[4] is None:
        return card, None
    if bytes(row[4]) != fingerprint:
        raise Refused(KEY_REUSED)
    return card, StoredAnswer(status=row[5], content_type=row[6], response=bytes(row[7]))


_CALLER = """
SELECT k.id, k.name, k.scopes, k.digest, c.fingerprint, c.status, c.content_type, c.response
FROM access_api_key k LEFT JOIN access_idempotent_call c ON c.key_id = k.id AND c.key = %s
WHERE k.prefix = %s AND k.revoked_at IS NULL
"""


def keys() -> list[KeyRow]:
    """All keys, newest first. One statement."""
    rows = ApiKey.objects.order_by("-id").values_list("id", "name", "prefix", "scopes", "created_at", "revoked_at")
    return [
        KeyRow(number, name, prefix, tuple(scopes), made, revoked)
        for number, name, prefix, scopes, made, revoked in rows
    ]


def staff(*, active_only: bool = True) -> list[StaffCard]:
    """Everybody on the staff, by name. One statement."""
    rows = Staff.objects.order_by("name", "id")
    return [_card(row) for row in (rows.filter(is_active=True) if active_only else rows)]


def staff_card(staff_id: int) -> StaffCard | None:
    """One member of staff, or None."""
    row = Staff.objects.filter(pk=staff_id).first()
    return _card(row) if row else None


def _card(row: Staff) -> StaffCard:
    return StaffCard(row.pk, row.email, row.name, tuple(row.roles), row.is_active)


def roles_of(actor: str) -> frozenset[str]:
    """The roles of the member of staff behind an actor ("staff:7"); none for anybody else. One statement at most."""
    kind, _, number = actor.partition(":")
    if kind != "staff" or not number.isdecimal():
        return frozenset()
    found = Staff.objects.filter(pk=int(number), is_active=True).values_list("roles", flat=True).first()
    return frozenset(found or ())
