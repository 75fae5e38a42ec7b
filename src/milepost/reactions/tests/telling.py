"""What the tests of telling do again and again: publish, hand over, have the worker send, and look at what became of a message."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from milepost.ground.notices import queries
from milepost.ground.notices.commands import send_due
from milepost.ground.notices.tests.acting import ActingSender
from milepost.ground.notices.words import Drained, NoticeCard
from milepost.ground.procedures import commands as procedures
from milepost.ground.procedures import defaults
from milepost.ground.procedures.words import DEFAULT, DocumentDraft
from milepost.kernel.acts import Act
from milepost.reactions.letters import compose
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment import queries as shipments
from milepost.way.fulfilment.words import PackedLine, Packing, ParcelDraft, Shipping
from milepost.way.orders import queries as read
from milepost.way.tracking import commands as tracking
from milepost.way.tracking.words import EventDraft, Kind
from tests.cast import MONDAY


def publish(kind: str, change: Callable[[dict[str, Any]], None]) -> None:
    """A procedure in force with something else in it than is shipped."""
    body = copy.deepcopy(
        dict(next(one.body for one in defaults.documents() if (one.kind, one.name) == (kind, DEFAULT)))
    )
    change(body)
    ids = procedures.draft([DocumentDraft(kind=kind, name=DEFAULT, body=body)], act=act(1))
    procedures.review(ids, act=act(2))
    procedures.publish(ids, act=act(2))


def act(staff: int, at: datetime = MONDAY) -> Act:
    return Act.now(f"staff:{staff}", channel="desk", now=at)


def row(body: dict[str, Any], fact: str, audience: str = "customer") -> dict[str, Any]:
    return next(one for one in body["rows"] if (one["fact"], one["audience"]) == (fact, audience))


@dataclass
class Post:
    """The worker on one channel, and what left."""

    channel: str = "email"

    def goes(self, now: datetime) -> Drained:
        return send_due(now=now, sender=ActingSender(channel=self.channel, name=self.channel), compose=compose)


EMAIL, SMS = Post(), Post("sms")


def card(order_id: int, template: str, audience: str = "customer", channel: str = "") -> NoticeCard:
    (found,) = [
        one for one in queries.notices_of(order_id)
        if (one.template, one.audience) == (template, audience) and channel in ("", one.channel)
    ]  # fmt: skip
    return found


def words_of(notice_id: UUID) -> str:
    letter = queries.letter(notice_id)
    assert letter is not None
    return letter.text


def shipped(order_id: int, at: datetime, *positions: int) -> None:
    """What is packed of some lines, or of all, is handed over."""
    fulfilment.pick([order_id], act=act(3, at))
    lines = {line.position: line.quantity for line in read.cards([order_id])[order_id].lines}
    parcel = ParcelDraft(lines=tuple(PackedLine(position=one, quantity=lines[one]) for one in positions))
    fulfilment.pack([Packing(order_id=order_id, parcels=(parcel,))], act=act(3, at))
    fulfilment.ship([Shipping(order_id=order_id)], act=act(3, at))


def happens(order_id: int, kind: Kind, at: datetime) -> None:
    parcels = [parcel for one in shipments.shipments_of([order_id])[order_id] for parcel in one.parcels]
    tracking.record_events([EventDraft(kind=kind, parcel_id=one.id, happened_at=at) for one in parcels], act=act(3, at))
