"""The worker: drains the outboxes and runs what comes due, until it is told to stop (OPS-1).

Any number of workers may run: every batch is claimed with SKIP LOCKED. Each outbox is asked again at once while it has work and
after a short rest when it has none, so an idle worker costs next to nothing.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import FrameType

from django.db import OperationalError, close_old_connections

from milepost.config import errands, jobs

log = logging.getLogger(__name__)
REST_SECONDS = 0.5


@dataclass
class Errand:
    """Something that the worker does again and again; `work` says how much it found to do."""

    name: str
    work: Callable[[datetime], int]
    every_seconds: float
    due: float = field(default=0.0)

    def run_if_due(self) -> bool:
        """Run when the time has come; at once again when there was work. True when something was done."""
        if time.monotonic() < self.due:
            return False
        done = self.work(datetime.now(UTC))
        self.due = time.monotonic() + (0 if done else self.every_seconds)
        return bool(done)


def run() -> None:
    """Work until SIGTERM or SIGINT; a batch that was begun is finished first."""
    stop = threading.Event()

    def told_to_stop(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told_to_stop)
    scheduled = threading.Thread(target=jobs.run_jobs, args=[stop], name="jobs")
    scheduled.start()
    work([Errand(*one) for one in errands.ALL], stop)
    scheduled.join()


def work(all_errands: list[Errand], stop: threading.Event) -> None:
    """Go round the errands until told to stop; an errand that fails is logged and tried again later."""
    while not stop.is_set():
        busy = [_try(errand) for errand in all_errands if not stop.is_set()]
        close_old_connections()
        if not any(busy):
            stop.wait(REST_SECONDS)


def _try(errand: Errand) -> bool:
    try:
        return errand.run_if_due()
    except OperationalError:
        log.warning("%s: the database is away; trying again", errand.name, exc_info=True)
    except Exception:
        log.exception("%s failed; trying again", errand.name)
    errand.due = time.monotonic() + 5
    return False
