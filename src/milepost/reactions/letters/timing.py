"""When a message may come to somebody: the hours of its channel, and one budget for all that they get (NTF-1)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from milepost.ground.notices import queries as sent
from milepost.ground.notices.hours import next_allowed, next_time
from milepost.ground.notices.words import Digest, DueNotice, Later, Reason, Withheld
from milepost.ground.procedures.words import LinkRules, Telling
from milepost.kernel.worktime import Shift
from milepost.reactions.letters.addressing import Addressee
from milepost.reactions.letters.ledger import Account
from milepost.reactions.people import zones_of
from milepost.way.orders.words import OrderCard

DAY = timedelta(hours=24)
A_MINUTE = timedelta(minutes=1)
LEADS_TO_CARRIERS = frozenset({"shipment_notice"})
"""Letters that lead to carriers' pages for the first time."""


def not_yet(notice: DueNotice, order: OrderCard, telling: Telling, *, now: datetime) -> Later | None:
    """That the channel is quiet where they are, and until when; None where it may be used now."""
    hours = telling.allowed(notice.channel)
    if hours is None or notice.template in telling.at_any_time:
        return None
    zones = zones_of(notice.audience, order.zone, order.ship_to)
    until = next_allowed(now, hours, zones)
    if until <= now:
        return None
    return Later(until=until, says=_waits(notice.channel, hours, zones, until))


def unseen_page(
    notice: DueNotice, account: Account, about: frozenset[int], rules: LinkRules, *, now: datetime
) -> Later | None:
    """That a carrier's page which the letter would lead to was not looked at yet, and until when that is waited for (TRK-4).

    After that it goes without the page; the number and our own page are in it anyway.
    """
    if notice.template not in LEADS_TO_CARRIERS or not account.unseen:
        return None
    left = [
        one.shipped_at
        for one in account.parcels
        if one.id in account.unseen and one.shipped_at and (not about or one.shipment_id in about)
    ]
    until = max(left, default=now) + timedelta(minutes=rules.wait_minutes)
    if not left or until <= now:
        return None
    return Later(until=min(until, now + A_MINUTE), says="Waits: the carrier’s page is looked at first.")


def _waits(channel: str, hours: Shift, zones: Sequence[str], until: datetime) -> str:
    """Why it waits, for the trace."""
    there = [until.astimezone(ZoneInfo(zone)) for zone in zones]
    clocks = len({one.utcoffset() for one in there})
    where = (
        zones[0]
        if clocks == 1
        else f"{zones[0]}, or another of {clocks} possible clocks, by all of which it is allowed"
    )
    end = "24:00" if hours.end == time.max else f"{hours.end:%H:%M}"
    return (
        f"Waits: by {channel.replace('_', ' ')} only within {hours.start:%H:%M}-{end} where they are ({where}); "
        f"sent from {there[0]:%a %d %b %H:%M}."
    )


def beyond_the_budget(
    wanted: Mapping[UUID, tuple[DueNotice, Addressee, OrderCard]],
    telling: Telling,
    *,
    withheld: Collection[UUID] = frozenset(),
    now: datetime,
) -> dict[UUID, Withheld]:
    """What is more than a person should get in 24 hours, over all channels and orders. One statement; none where all of it is
    needed.

    What matters most goes first. What is needed is never held back, but counts; what was `withheld` for another reason does not.
    Several workers that write to one person at once reckon alike, so no more gets through together.
    """
    spending = [one for one in wanted.values() if one[0].template not in telling.budget.needed]
    if not spending:
        return {}
    people = {notice.recipient_key for notice, *_ in spending}
    known = sent.on_people(people, since=now - DAY)
    held: dict[UUID, Withheld] = {}
    for person in people:
        theirs = [one for one in spending if one[0].recipient_key == person]
        together = [(n.id, n.template, n.planned_at, False) for n, *_ in wanted.values() if n.recipient_key == person]
        taken = _taken((one for one in known.get(person, ()) if one[0] not in withheld), together, telling)
        for notice, to, order in theirs:
            if notice.id not in taken:
                held[notice.id] = _held(notice, to, order, telling, now)
    return held


Sent = tuple[UUID, str, datetime, bool]


def _taken(known: Iterable[Sent], together: Iterable[Sent], telling: Telling) -> set[UUID]:
    """Which of the messages that are about to leave may: within the budget, by what matters most; and what is needed."""
    budget, known = telling.budget, list(known)
    gone = [one for one in known if one[3]]
    going = {one[0]: one for one in (*known, *together) if not one[3]}
    needed = {key for key, one in going.items() if one[1] in budget.needed}
    left = budget.per_day - len(gone) - len(needed)
    others = sorted((one for key, one in going.items() if key not in needed), key=lambda one: _turn(one, telling))
    return needed | {one[0] for one in others[: max(left, 0)]}


def _turn(one: Sent, telling: Telling) -> tuple[int, datetime, UUID]:
    return telling.budget.place(one[1]), one[2], one[0]


def _held(notice: DueNotice, to: Addressee, order: OrderCard, telling: Telling, now: datetime) -> Withheld:
    count = telling.budget.per_day
    why = f"Not sent by itself: they would get more than {count} messages in 24 hours, and others matter more."
    if telling.budget.beyond == "withhold":
        return Withheld(reason=Reason.BUDGET, says=f"{why} It can be read on the order's page.")
    zone = _zones(notice, order)[0]
    at = next_time(now, telling.digest_at, zone)
    digest = Digest(
        audience=notice.audience,
        recipient_key=notice.recipient_key,
        channel=notice.channel,
        language=to.language,
        at=at,
    )
    return Withheld(
        reason=Reason.BUDGET, digest=digest,
        says=f"{why} Told in the digest of {at.astimezone(ZoneInfo(zone)):%a %d %b %H:%M} ({zone}).",
    )  # fmt: skip


def _zones(notice: DueNotice, order: OrderCard) -> Sequence[str]:
    return zones_of(notice.audience, order.zone, order.ship_to)
