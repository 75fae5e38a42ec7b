"""Open: what was asked is kept with its reference, its clock runs, and a person completes it (REC-1, REC-2, VER-3)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any
from uuid import UUID

from milepost.ground import journal
from milepost.ground.parties import commands as parties
from milepost.kernel.acts import Act
from milepost.kernel.facts import canonical
from milepost.kernel.ids import new_id
from milepost.way.intake.alike import likeness
from milepost.way.intake.facts import OrderReceived, RequestOpened
from milepost.way.intake.numbers import references, take_numbers
from milepost.way.intake.words import Draft, Incoming, Receipt, draft_to_json


@dataclass(frozen=True, slots=True)
class _Opened:
    """A request on its way into the store."""

    request: Incoming
    draft: Draft
    order_id: int
    request_id: UUID
    reference: str

    @property
    def doubts(self) -> int:
        """How many points only a person can settle."""
        return len(self.request.origins.get("doubts", ()))


def keep_open(incoming: Sequence[Incoming], *, act: Act) -> list[Receipt]:
    """Keep requests that a person must complete; each has its reference from now on, and its journal begins.

    A draft may lack anything: lines without code or quantity, the address, the customer. `origins` says what is open, and under
    "doubts" why. Who wrote is put on record as a customer, so that they can be told. The clocks of acknowledgement run. A request
    has the id of its arrival, so none is opened twice.
    """
    if not incoming:
        return []
    with journal.together():
        customer_ids = parties.register([one.draft.customer for one in incoming], act=act)
        opened = [
            _Opened(
                one,
                replace(one.draft, customer_id=customer_id),
                number,
                one.arrival_id or new_id(),
                references().make(number),
            )
            for one, customer_id, number in zip(incoming, customer_ids, take_numbers(len(incoming)), strict=True)
        ]
        journal.write(_KEEP, [_row(one, act) for one in opened])
        journal.record([fact for one in opened for fact in _facts(one)], act=act)
    return [Receipt(index=one.request.index, order_id=one.order_id, reference=one.reference) for one in opened]


def _row(one: _Opened, act: Act) -> tuple[Any, ...]:
    request = one.request
    return (
        one.request_id, one.order_id, one.reference, act.channel, request.sender, request.arrived_at or act.at,
        request.content_type, request.raw, draft_to_json(one.draft), canonical(request.origins).decode(), act.history,
        *likeness(one.draft),
    )  # fmt: skip


_KEEP = """
INSERT INTO intake_request (id, order_id, reference, channel, sender, received_at, content_type, raw, draft, origins, history,
    ordered_by, external_ref, po_number, state)
SELECT given.*, 'open' FROM unnest(%b::uuid[], %b::bigint[], %b::text[], %b::text[], %b::text[], %b::timestamptz[], %b::text[],
    %b::bytea[], %b::jsonb[], %b::jsonb[], %b::bool[], %b::text[], %b::text[], %b::text[]) AS given
"""


def _facts(one: _Opened) -> tuple[OrderReceived, RequestOpened]:
    return (
        OrderReceived(
            order_id=one.order_id, reference=one.reference, request_id=one.request_id,
            digest=sha256(one.request.raw).hexdigest(),
        ),
        RequestOpened(order_id=one.order_id, request_id=one.request_id, doubts=one.doubts),
    )  # fmt: skip
