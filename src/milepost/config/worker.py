"""The worker: drains the outboxes and runs what comes due, until it is told to stop (OPS-1).

Any number of workers may run: every batch is claimed with SKIP LOCKED. Each outbox is asked again at once while it has much work,
after a moment when it had little, so that more can gather (fifty letters together cost little more than one), and after a rest
when it had none, so an idle worker costs next to nothing.
"""

import logging
import os
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
REST_SECONDS = 0.2
MUCH, MOMENT_SECONDS = 50, 0.5
GRACE_SECONDS = 5
NICENESS = 10  # who waits for a page or an answer comes first


@dataclass
class Errand:
    """Something that the worker does again and again; `work` says how much it found to do."""

    name: str
    work: Callable[[datetime], int]
    every_seconds: float
    due: float = field(default=0.0)

    def run_if_due(self) -> bool:
        """Run when the time has come; at once again when there was much to do. True when there was."""
        if time.monotonic() < self.due:
            return False
        done = self.work(datetime.now(UTC))
        rest = 0.0 if done >= MUCH else min(MOMENT_SECONDS, self.every_seconds) if done else self.every_seconds
        self.due = time.monotonic() + rest
        return done >= MUCH


class Told:
    """Whether somebody asked us to stop. A plain flag: a signal may come while anything is being done, even while it is read."""

    def __init__(self) -> None:
        self.to_stop = False

    def stop(self, number: int = 0, frame: FrameType | None = None) -> None:
        """Stop after what was begun."""
        self.to_stop = True


def run() -> None:
    """Work until SIGTERM or SIGINT; a batch that was begun is finished first."""
    os.nice(NICENESS)
    told = Told()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told.stop)
    threads = [threading.Thread(target=jobs.run_jobs, args=[lambda: told.to_stop], name="jobs", daemon=True)]
    threads += [
        threading.Thread(target=work, args=[[Errand(*one) for one in some], told], name=name, daemon=True)
        for name, some in errands.BESIDE.items()
    ]
    for thread in threads:
        thread.start()
    work([Errand(*one) for one in errands.MAIN], told)
    deadline = time.monotonic() + GRACE_SECONDS
    for thread in threads:
        thread.join(timeout=max(0.1, deadline - time.monotonic()))


def work(all_errands: list[Errand], told: Told) -> None:
    """Go round the errands until told to stop; an errand that fails is logged and tried again later."""
    while not told.to_stop:
        busy = sum(_try(errand) for errand in all_errands)
        close_old_connections()
        if not busy:
            time.sleep(REST_SECONDS)


def _try(errand: Errand) -> bool:
    try:
        return errand.run_if_due()
    except OperationalError:
        log.warning("%s: the database is away; trying again", errand.name, exc_info=True)
    except Exception:
        log.exception("%s failed; trying again", errand.name)
    errand.due = time.monotonic() + 5
    return False
