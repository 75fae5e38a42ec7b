"""Ask carriers without making anybody wait: parcels are taken and answers noted by the worker, calls are made beside it.

The threads that call touch no database. What is under way when a worker stops is asked again when its lease is over.
"""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from milepost.kernel.acts import Act
from milepost.way.tracking import commands as tracking
from milepost.way.tracking import ports
from milepost.way.tracking.commands.polls import Taken
from milepost.way.tracking.polling import Polled, Verdict

log = logging.getLogger(__name__)
AT_ONCE = 8
LOOK_AROUND = timedelta(minutes=10)


@dataclass
class Asking:
    """The calls that this worker has under way."""

    pool: ThreadPoolExecutor | None = None
    calls: "dict[Future[Polled], Taken]" = field(default_factory=dict)
    looked_at: datetime | None = None

    def work(self, now: datetime) -> int:
        """Note what was answered, and ask about what is due; return how many parcels were taken or noted."""
        if not ports.pollers():
            return 0
        act = _act(now)
        if self.looked_at is None or now - self.looked_at > LOOK_AROUND:
            self.looked_at = now if tracking.catch_up(act=act) == 0 else None
        noted = self._note(act)
        busy = {taken.poller for taken in self.calls.values()}
        taken = [one for name in ports.pollers() if name not in busy for one in tracking.take_due(name, act=act)]
        for one in taken:
            self.calls[self._pool().submit(_call(one), now)] = one
        return noted + sum(len(one.asked) for one in taken)

    def _note(self, act: Act) -> int:
        done = [call for call in self.calls if call.done()]
        for call in done:
            taken = self.calls.pop(call)
            tracking.note_answer(taken, _answer(call, taken), act=act)
        return len(done)

    def _pool(self) -> ThreadPoolExecutor:
        if self.pool is None:
            self.pool = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="carrier")
        return self.pool


def _call(taken: Taken) -> Callable[[datetime], Polled]:
    poller = ports.pollers()[taken.poller]
    return lambda now: poller.poll(taken.asked, now)


def _answer(call: "Future[Polled]", taken: Taken) -> Polled:
    """What the call brought; an error of ours is no answer, and is asked again."""
    error = call.exception()
    if error is None:
        return call.result()
    log.error("asking %s failed", taken.poller, exc_info=error)
    numbers = tuple(one.number for one in taken.asked)
    return Polled(numbers=numbers, verdict=Verdict.AWAY, says=f"Asking failed ({type(error).__name__}).")


def _act(now: datetime) -> Act:
    return Act.now("system:asking", channel="worker", now=now.astimezone(UTC))


ask_carriers = Asking().work
"""For the worker's errands."""
