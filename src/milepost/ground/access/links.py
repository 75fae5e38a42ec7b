"""Signed links for customers: made and opened without a row of their own, and revocable by order and purpose (TRK-3)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from milepost.ground import journal
from milepost.ground.access.facts import LinksRevoked
from milepost.ground.access.models import LinkGeneration
from milepost.ground.access.rules import LinkClaim, is_over, open_link, open_notice, seal_link, seal_notice
from milepost.ground.access.words import LINK_DAYS, PURPOSES
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal, Refused

LINK_UNKNOWN = Refusal(
    code="link_unknown",
    says="This link leads nowhere.",
    do="Use the link of the latest message, or contact us.",
    status=404,
)


def make(purpose: str, order_id: int, *, now: datetime, fresh: bool = False) -> str:
    """A link's token for an order, valid for 180 days. `fresh`: the order is new, so nobody has revoked its links yet,
    and no statement is needed."""
    return _token(purpose, order_id, 0, now) if fresh else make_all(purpose, [order_id], now=now)[order_id]


def make_all(purpose: str, order_ids: Sequence[int], *, now: datetime) -> dict[int, str]:
    """Tokens for many orders. One statement."""
    found = LinkGeneration.objects.filter(order_id__in=list(order_ids), purpose=purpose)
    generations = dict(found.values_list("order_id", "generation"))
    return {order_id: _token(purpose, order_id, generations.get(order_id, 0), now) for order_id in order_ids}


def open(token: str, purpose: str, *, now: datetime) -> int:  # noqa: A001 the trade's own word for links
    """The order behind a token.

    Refuses `link_unknown` (404) for what is forged, revoked, expired or made for another purpose, all alike. Asks the database in
    each case, so that the time tells nothing either.
    """
    claim = open_link(token, _secret())
    generation = _generation(claim.order_id if claim else 0, purpose)
    if claim is None or claim.purpose != PURPOSES[purpose] or claim.generation != generation or is_over(claim, now):
        raise Refused(LINK_UNKNOWN)
    return claim.order_id


def to_unsubscribe(notice_id: UUID) -> str:
    """The token by which whoever got this message can say that they want no more of its kind; it never expires."""
    return seal_notice(notice_id, _secret())


def message_behind(token: str) -> UUID:
    """The message of a token to unsubscribe. Refuses `link_unknown`."""
    notice_id = open_notice(token, _secret())
    if notice_id is None:
        raise Refused(LINK_UNKNOWN)
    return notice_id


def revoke(order_id: int, purpose: str, *, act: Act) -> None:
    """Make all links of this purpose given out for the order so far worthless. Records LinksRevoked."""
    if purpose not in PURPOSES:
        raise ValueError(f"links have no purpose {purpose}")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_NEXT_GENERATION, [order_id, purpose])
            (generation,) = cursor.fetchone()
        journal.record([LinksRevoked(order_id=order_id, purpose=purpose, generation=generation)], act=act)


_NEXT_GENERATION = """
INSERT INTO access_link_generation AS g (order_id, purpose, generation) VALUES (%s, %s, 1)
ON CONFLICT (order_id, purpose) DO UPDATE SET generation = g.generation + 1 RETURNING generation
"""


def _token(purpose: str, order_id: int, generation: int, now: datetime) -> str:
    expires_on = now.astimezone(UTC).date() + timedelta(days=LINK_DAYS)
    return seal_link(LinkClaim(PURPOSES[purpose], order_id, generation, expires_on), _secret())


def _generation(order_id: int, purpose: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generation FROM access_link_generation WHERE order_id = %s AND purpose = %s",
            [min(order_id, 2**63 - 1), purpose],
        )
        row = cursor.fetchone()
    return row[0] if row else 0


def _secret() -> bytes:
    return sha256(b"milepost links " + settings.SECRET_KEY.encode()).digest()
