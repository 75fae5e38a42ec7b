"""Receipts: what vendors say of messages after they have taken them, kept once and matched to the notice by our reference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from milepost.ground import journal
from milepost.ground.notices.commands import attempts
from milepost.ground.notices.commands.outcomes import settle
from milepost.ground.notices.commands.trouble import Trouble, hand_to_people
from milepost.ground.notices.facts import NoticeBounced, NoticeComplained, NoticeDelivered, NoticeOptedOut
from milepost.ground.notices.words import Reason, Receipt, ReceiptKind
from milepost.ground.parties.commands import resume_channel, stop_channel
from milepost.ground.parties.words import StopReason
from milepost.kernel.acts import Act
from milepost.kernel.columns import columns
from milepost.kernel.facts import Fact
from milepost.kernel.ids import new_id

STOPS: Mapping[ReceiptKind, StopReason] = {
    ReceiptKind.BOUNCED: StopReason.BOUNCED,
    ReceiptKind.COMPLAINED: StopReason.COMPLAINED,
    ReceiptKind.OPTED_OUT: StopReason.OPTED_OUT,
}
TAKEN = frozenset({ReceiptKind.DELIVERED, ReceiptKind.SOFT, ReceiptKind.BOUNCED, ReceiptKind.COMPLAINED})
LONGEST_CODE, REFERENCE_LENGTH = 64, 32


@dataclass(frozen=True, slots=True)
class _Known:
    """The notice that a receipt speaks of, with the last attempt of that sender."""

    notice_id: UUID
    filed_at: Any
    order_id: int | None
    template: str
    audience: str
    channel: str
    address: str
    number: int


def note_receipts(receipts: Sequence[Receipt], *, sender: str, channel: str, act: Act) -> list[bool]:
    """Keep each receipt once, with what follows; for each whether it could be matched to a notice or an address.

    What will never arrive opens a duty to reach the customer another way; an address that takes nothing more, a complaint and
    an opting out stop the channel for that address. A receipt of a message in doubt settles it: it was taken after all.
    """
    if not receipts:
        return []
    with journal.together():
        known = _known(receipts, sender)
        matched = [(one, known[key]) for one in receipts if (key := _key(one)) in known]
        new = _keep(matched, sender, act)
        _follow([pair for pair, is_new in zip(matched, new, strict=True) if is_new], act)
        _stop(receipts, known, channel, act)
    return [_key(one) in known or _by_address(one) for one in receipts]


def _by_address(receipt: Receipt) -> bool:
    """Whether it counts without a message of ours: who opts out does so whatever they answered to. Bounces and complaints of
    messages that others sent by the same provider are not ours."""
    return bool(receipt.address) and receipt.kind in (ReceiptKind.OPTED_OUT, ReceiptKind.OPTED_IN)


def _key(receipt: Receipt) -> UUID | None:
    """The notice that our reference names, or None where it is none of ours."""
    try:
        return UUID(hex=receipt.reference) if len(receipt.reference) == REFERENCE_LENGTH else None
    except ValueError:
        return None


def _known(receipts: Sequence[Receipt], sender: str) -> dict[UUID | None, _Known]:
    keys = sorted({key for one in receipts if (key := _key(one))})
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [sender, keys])
        return {row[0]: _Known(*row) for row in cursor.fetchall()}


def _keep(matched: Sequence[tuple[Receipt, _Known]], sender: str, act: Act) -> list[bool]:
    if not matched:
        return []
    rows = [
        (new_id(), about.notice_id, about.order_id, sender, one.kind, one.code[:LONGEST_CODE], one.happened_at, act.recorded_at)
        for one, about in matched
    ]  # fmt: skip
    new = {key for (key,) in journal.returned(_KEEP, rows)}
    return [row[0] in new for row in rows]


def _follow(new: Sequence[tuple[Receipt, _Known]], act: Act) -> None:
    _settle_doubts([about for one, about in new if one.kind in TAKEN], act)
    _note_prices(new)
    hand_to_people(
        [
            Trouble(notice_id=about.notice_id, order_id=about.order_id, template=about.template, reason=Reason.BOUNCED)
            for one, about in new
            if one.kind is ReceiptKind.BOUNCED
        ],
        act=act,
    )
    journal.record([fact for one, about in new if (fact := _fact(one, about))], act=act)


def _fact(receipt: Receipt, about: _Known) -> Fact | None:
    if about.order_id is None:
        return None
    said: dict[str, Any] = {
        "order_id": about.order_id, "notice_id": about.notice_id, "template": about.template, "channel": about.channel,
        "audience": about.audience,
    }  # fmt: skip
    match receipt.kind:
        case ReceiptKind.DELIVERED:
            return NoticeDelivered(**said)
        case ReceiptKind.BOUNCED:
            return NoticeBounced(**said, code=receipt.code[:LONGEST_CODE], permanent=receipt.stops)
        case ReceiptKind.COMPLAINED:
            return NoticeComplained(**said)
        case ReceiptKind.OPTED_OUT:
            return NoticeOptedOut(**said)
    return None


def _stop(receipts: Sequence[Receipt], known: Mapping[UUID | None, _Known], channel: str, act: Act) -> None:
    """The address is the one that we wrote to where the message is known, else the one that the vendor names."""
    for kind, reason in STOPS.items():
        ended = [one for one in receipts if one.kind is kind and (one.stops or kind is not ReceiptKind.BOUNCED)]
        addresses = sorted({_address(one, known) for one in ended} - {""})
        if addresses:
            stop_channel(channel, addresses, reason=reason, act=act, detail=ended[0].code)
    again = sorted({_address(one, known) for one in receipts if one.kind is ReceiptKind.OPTED_IN} - {""})
    if again:
        resume_channel(channel, again, act=act.because("asked for by the recipient"))


def _address(receipt: Receipt, known: Mapping[UUID | None, _Known]) -> str:
    about = known.get(_key(receipt))
    if about and about.address:
        return about.address
    return receipt.address if _by_address(receipt) else ""


def _settle_doubts(about: Sequence[_Known], act: Act) -> None:
    """A message that its sender speaks of was taken, whatever word of it broke off."""
    keys = [(one.notice_id, one.number, one.filed_at) for one in about if one.number]
    if keys:
        air = [one.key for one in attempts.in_the_air(keys)]
        attempts.close_by_receipt(air, at=act.recorded_at)
        settle(air, act=act)


def _note_prices(new: Sequence[tuple[Receipt, _Known]]) -> None:
    rows: list[tuple[UUID, int, Any, Decimal, str]] = [
        (about.notice_id, about.number, about.filed_at, one.price, one.currency)
        for one, about in new
        if one.price is not None and about.number
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_PRICES, columns(rows))


_FIND = """
SELECT n.id, n.filed_at, n.order_id, n.template, n.audience, n.channel, coalesce(a.address, ''), coalesce(a.number, 0)
FROM notices_notice n LEFT JOIN LATERAL (
    SELECT a.address, a.number FROM notices_attempt a
    WHERE a.notice_id = n.id AND a.filed_at = n.filed_at AND a.sender = %s AND a.handed_at IS NOT NULL
    ORDER BY a.number DESC LIMIT 1
) a ON true
WHERE n.id = ANY(%b::uuid[])
"""

_KEEP = """
INSERT INTO notices_receipt (id, notice_id, order_id, sender, kind, code, happened_at, received_at)
SELECT * FROM unnest(%b::uuid[], %b::uuid[], %b::bigint[], %b::text[], %b::text[], %b::text[], %b::timestamptz[],
    %b::timestamptz[]) AS w
ON CONFLICT (notice_id, sender, kind) DO NOTHING RETURNING id
"""

_PRICES = """
UPDATE notices_attempt a SET cost = w.cost, currency = w.currency
FROM unnest(%b::uuid[], %b::smallint[], %b::timestamptz[], %b::numeric[], %b::text[])
    AS w(notice_id, number, filed_at, cost, currency)
WHERE a.notice_id = w.notice_id AND a.number = w.number AND a.filed_at = w.filed_at
"""
