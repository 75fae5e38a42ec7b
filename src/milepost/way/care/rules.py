"""When an inquiry is to be answered, how, and what it goes on with: pure."""

from collections.abc import Collection
from datetime import datetime, timedelta
from decimal import Decimal

from milepost.kernel.worktime import WorkingCalendar
from milepost.way.care.words import LIVE, Channel, Outcome, Topic

TOPICS = frozenset(one.value for one in Topic)


def reply_due(calendar: WorkingCalendar, asked_at: datetime, hours: Decimal) -> datetime:
    """By when they hear from us: so many hours of our working time after they asked."""
    return calendar.add_working(asked_at, hours)


def goes_on(closed_at: datetime | None, now: datetime, days: int) -> bool:
    """Whether a conversation that was closed goes on with what they write now; after so many days it is another one."""
    return closed_at is None or now - closed_at <= timedelta(days=days)


def reply_channel(came_by: str) -> Channel:
    """How an answer goes: on the order's page to whoever wrote there, by e-mail to everybody else."""
    return Channel.PORTAL if came_by in LIVE else Channel.EMAIL


def mail_at(now: datetime, *, live: bool, here: bool, minutes: int) -> datetime:
    """When an answer goes by e-mail: at once, but some minutes later to who is on the page and is about to read it there."""
    return now + timedelta(minutes=minutes) if live and here else now


def topic_of(word: str) -> Topic:
    """The topic that a word names; anything else is a question."""
    return Topic(word) if word in TOPICS else Topic.QUESTION


def needs_answer(outcome: Outcome | None) -> bool:
    """Whether after a call they wait for us."""
    return outcome == Outcome.NEEDS_ANSWER


def settles(outcome: Outcome | None) -> bool:
    """Whether a call has answered what was open."""
    return outcome == Outcome.SETTLED


def is_same_person(address: str, known: Collection[str]) -> bool:
    """Whether an address is one of those that the order or customer has."""
    return address.strip().lower() in {one.strip().lower() for one in known if one}
