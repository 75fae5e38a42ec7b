"""The same order twice: by what requests are recognised as repeats or likes of each other; pure.

A *repeat* is the very same request from the same sender: it is answered as the first. A *like* may be the same purchase told
twice, or a second one: it becomes an order, is held, and the hold names the other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

from milepost.way.intake.words import Draft

API = "api"


class How(StrEnum):
    """In what two requests are alike."""

    REPEAT = "repeat"
    NUMBER = "number"
    PO_NUMBER = "po_number"
    PURCHASE = "purchase"


class Like(NamedTuple):
    """Another request that is alike, by the reference of its order."""

    reference: str
    how: How = How.PO_NUMBER
    order_id: int = 0


@dataclass(frozen=True, slots=True)
class Trace:
    """By what a request is recognised. `purchase` counts among those received after `since`, never where that is None.

    A request that is an order already (`own`) is compared with those that were received `before` it.
    """

    ordered_by: str = ""
    external_ref: str = ""
    po_number: str = ""
    sender: str = ""
    digest: bytes = b""
    purchase: int = 0
    since: datetime | None = None
    own: int = 0
    before: datetime | None = None

    @property
    def is_looked_for(self) -> bool:
        """Whether anything could be found of it."""
        return bool(self.external_ref or self.po_number or self.since)


def likeness(draft: Draft) -> tuple[str, str, str]:
    """Who ordered, the sender's number, the PO number. A customer on record is one by whatever channel they order."""
    customer = draft.customer
    ordered_by = f"customer:{draft.customer_id}" if draft.customer_id else customer.external_ref or customer.email
    return ordered_by.lower(), draft.external_ref, draft.po_number


def purchase_of(draft: Draft) -> int:
    """What was bought, by whom, for how much, as one number; 0 for what has no customer on record."""
    if not draft.customer_id:
        return 0
    lines = sorted(f"{line.item_id or line.code}*{line.quantity.normalize()}" for line in draft.lines)
    said = f"{draft.customer_id}|{draft.currency}|{draft.total:.2f}|{';'.join(lines)}"
    return int.from_bytes(sha256(said.encode()).digest()[:8], "big", signed=True) or 1


def trace_of(draft: Draft, *, sender: str, raw: bytes, channel: str, since: datetime | None) -> Trace:
    """By what a request is recognised when it arrives.

    A machine that calls the API without any number of its own has its Idempotency-Key for repeats, so nothing more is looked for.
    """
    ordered_by, external_ref, po_number = likeness(draft)
    numbered = bool(external_ref or po_number)
    return Trace(
        ordered_by, external_ref, po_number, sender, sha256(raw).digest() if external_ref else b"", purchase_of(draft),
        since if numbered or channel != API else None,
    )  # fmt: skip


def alike(first: Trace, second: Trace) -> How | None:
    """In what a request of the same set is like an earlier one of it, if at all."""
    same_sender, same_customer = first.sender == second.sender, first.ordered_by == second.ordered_by
    if first.external_ref and first.external_ref == second.external_ref and (same_sender or same_customer):
        return How.REPEAT if same_sender and first.digest == second.digest else How.NUMBER
    if first.po_number and first.po_number == second.po_number and same_customer:
        return How.PO_NUMBER
    if second.since and first.purchase and first.purchase == second.purchase and not _numbered_apart(first, second):
        return How.PURCHASE
    return None


def _numbered_apart(first: Trace, second: Trace) -> bool:
    """Whether their sender, who numbers what they send, or their customer told them apart and so means two."""
    by_sender = first.sender == second.sender and (first.external_ref or second.external_ref)
    return bool(by_sender or (first.po_number and second.po_number))


def within(traces: Sequence[Trace]) -> list[list[tuple[int, How]]]:
    """Of each request of a set, the places of the earlier ones that are alike, and in what."""
    seen: dict[tuple[str, str | int], list[int]] = {}
    found: list[list[tuple[int, How]]] = []
    for place, trace in enumerate(traces):
        keys = list(_keys(trace))
        others = sorted({other for key in keys for other in _few(seen.get(key, ()))})
        found.append([(other, how) for other in others if (how := alike(traces[other], trace))])
        for key in keys:
            seen.setdefault(key, []).append(place)
    return found


def _few(places: Sequence[int]) -> Sequence[int]:
    """The first, of which all others may be repeats, and the last ones; a set of nothing but likes takes no longer for it."""
    return [*places[:1], *places[-3:]]


def _keys(trace: Trace) -> Iterable[tuple[str, str | int]]:
    if trace.external_ref:
        yield "number", trace.external_ref
    if trace.po_number:
        yield "po", trace.po_number
    if trace.since and trace.purchase:
        yield "purchase", trace.purchase
