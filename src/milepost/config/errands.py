"""What the worker does again and again: the outboxes, drained in batches. Schedules of other jobs stand in `config/jobs`."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from milepost.config import wiring
from milepost.config.asking import ask_carriers
from milepost.ground.arrivals import commands as arrivals
from milepost.ground.duties import commands as duties
from milepost.ground.notices import commands as notices
from milepost.ground.webhooks import commands as webhooks
from milepost.kernel.acts import Act
from milepost.overview.bulk import commands as bulk
from milepost.reactions.announcing import events_since
from milepost.reactions.letters import compose
from milepost.way.stock import commands as stock


def send_notices(now: datetime) -> int:
    """One batch of e-mail that is due (NTF-1)."""
    return notices.send_due(now=now, sender=wiring.senders()["email"], compose=compose).total


def send_texts(now: datetime) -> int:
    """One batch of SMS that are due (NTF-2)."""
    return notices.send_due(now=now, sender=wiring.senders()["sms"], compose=compose).total


def send_other_ways(now: datetime) -> int:
    """One batch of calls to make, pushes to browsers, and alerts to staff (NTF-2, NTF-5)."""
    return sum(notices.send_due(now=now, sender=way, compose=compose).total for way in wiring.other_ways())


def check_duties(now: datetime) -> int:
    """One batch of duties whose next look has come: warnings and escalations (EXC-4)."""
    return duties.check_due(now)


def process_arrivals(now: datetime) -> int:
    """One batch of what peers sent and is kept byte for byte: shops, carriers, mail, EDI (REC-1, TRK-2)."""
    return arrivals.process_due(act=Act.now("system:arrivals", channel="worker", now=now)).total


def free_reservations(now: datetime) -> int:
    """One batch of what was kept aside and has expired (STK-2)."""
    return stock.lapse_reservations(act=Act.now("system:clock", channel="worker", now=now))


def call_peers(now: datetime) -> int:
    """One batch of what peers are told over webhooks (NTF-1): first who wants to know of what is new, then the calls."""
    act = Act.now("system:webhooks", channel="worker", now=now)
    return webhooks.plan_news(events_since, act=act) + webhooks.send_due(wiring.caller(), act=act).total


def carry_bulk(now: datetime) -> int:
    """One set of rows of what staff do to many rows of a list at once (OPS-1)."""
    return bulk.work(now)


Round: TypeAlias = tuple[tuple[str, Callable[[datetime], int], float], ...]

MAIN: Round = (
    ("arrivals", process_arrivals, 0.5),
    ("asking", ask_carriers, 5.0),
    ("duties", check_duties, 5.0),
    ("reservations", free_reservations, 5.0),
)
"""What only needs our own books: name, work, and seconds between two looks."""

BESIDE: dict[str, Round] = {
    "letters": (("notices", send_notices, 1.0), ("texts", send_texts, 1.0), ("other ways", send_other_ways, 1.0)),
    "peers": (("webhooks", call_peers, 1.0),),
    "bulk": (("bulk", carry_bulk, 1.0),),
}
"""Rounds that wait for others' machines, or are long, each in a thread of its own, so that nobody waits with them."""
