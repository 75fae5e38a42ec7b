"""What the worker does again and again: the outboxes, drained in batches. Schedules of other jobs stand in `config/jobs`."""

from collections.abc import Callable
from datetime import datetime

from milepost.config import wiring
from milepost.ground.duties import commands as duties
from milepost.ground.notices import commands as notices
from milepost.kernel.acts import Act
from milepost.reactions.letters import compose
from milepost.way.tracking import commands as tracking


def send_notices(now: datetime) -> int:
    """One batch of messages that are due (NTF-1)."""
    return notices.send_due(now=now, sender=wiring.sender(), compose=compose).total


def check_duties(now: datetime) -> int:
    """One batch of duties whose next look has come: warnings and escalations (EXC-4)."""
    return duties.check_due(now)


def process_webhooks(now: datetime) -> int:
    """One batch of what carriers sent and is kept raw (TRK-2)."""
    worked = tracking.process_raw(act=Act.now("system:webhooks", channel="webhook", now=now))
    return worked.processed + worked.waiting + worked.refused


ALL: tuple[tuple[str, Callable[[datetime], int], float], ...] = (
    ("notices", send_notices, 1.0),
    ("webhooks", process_webhooks, 1.0),
    ("duties", check_duties, 5.0),
)
