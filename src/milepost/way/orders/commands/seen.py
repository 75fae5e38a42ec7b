"""As seen: an order is changed only as it was looked at; what somebody else did meanwhile is shown first (INQ-1)."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from milepost.ground import journal
from milepost.ground.journal import queries as story
from milepost.ground.journal.commands import STALE
from milepost.kernel.refusals import Refused
from milepost.way.orders.commands.lock import lock


@contextmanager
def as_seen(order_id: int, *, sequence: int | None, heeds: Collection[str]) -> Iterator[None]:
    """One transaction around a verb of an order by somebody who looked at it when `sequence` was the last fact of its story.

    The order is locked first, as every verb does, so of two who looked at the same moment one is carried out, and the other is
    refused `changed_meanwhile` (409): there are facts of the kinds that this verb `heeds` which they did not see. Without a
    sequence nothing was looked at and nothing is compared. Two statements before the verb's own.
    """
    with journal.together():
        lock([order_id])
        if sequence is not None and story.chapter(
            order_id, kinds=sorted(heeds), after=sequence, newest_first=False, limit=1
        ):
            raise Refused(STALE)
        yield
