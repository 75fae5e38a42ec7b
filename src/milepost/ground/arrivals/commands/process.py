"""Process: each arrival is worked on by its source's handler, once, and again when what was wrong has been put right."""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import groupby
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet

from milepost.ground import journal
from milepost.ground.arrivals import ports, rules
from milepost.ground.arrivals.commands.repairs import close_repairs, open_repairs
from milepost.ground.arrivals.models import Arrival
from milepost.ground.arrivals.words import CAN_BE_RETRIED, CRASHED, ArrivalCard, Outcome, State, Worked
from milepost.kernel.acts import Act
from milepost.kernel.columns import columns
from milepost.kernel.refusals import Refusal, Refused
from milepost.kernel.texts import printable

log = logging.getLogger(__name__)
FIRST_REST, MOST_ATTEMPTS = timedelta(minutes=10), 12
IT_CRASHED = Refusal(
    code=CRASHED, says="An error of ours stopped the work on this.", do="Correct the error, then have it retried."
)


def process_due(*, act: Act, limit: int = 200) -> Worked:
    """Work on what was received and not worked on yet, oldest first; any number of workers may call it at once.

    An arrival's outcome is written in the transaction of its effect, so it takes effect once however often a worker dies.
    One that makes its handler fail ends as refused (`crashed`) with a duty for IT; the others go on.
    """
    return _work(Arrival.objects.filter(state=State.RECEIVED), limit, act)


def retry(*, act: Act, ids: Sequence[UUID] = (), source: str = "", limit: int = 200) -> Worked:
    """Work again on what was refused, waits or is open, after what was wrong has been put right; never on forgeries.

    All that are named, or all of a source; `limit` at a time, each batch in its own transaction.
    """
    wanted = Arrival.objects.filter(state__in=CAN_BE_RETRIED)
    wanted = wanted.filter(id__in=ids) if ids else wanted.filter(source=source)
    total = Worked()
    for some in _slices(list(wanted.order_by("id").values_list("id", flat=True)), limit):
        total = _sum(total, _work(wanted.filter(id__in=some), limit, act))
    return total


def wake(about: Sequence[str], *, sources: Sequence[str], act: Act) -> None:
    """What arrivals from these sources waited for has come: they are worked on next. One statement."""
    named = [name for name in about if name]
    if named:
        waiting = Arrival.objects.filter(about__in=named, source__in=sources, state=State.WAITING)
        waiting.update(state=State.RECEIVED)


def wake_those_who_wait(*, act: Act) -> int:
    """Look again at what waits, less and less often, in case that it came while we looked away. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_WAKE, [MOST_ATTEMPTS, act.at, FIRST_REST.total_seconds()])
        return int(cursor.rowcount)


_WAKE = """
UPDATE arrivals_arrival SET state = 'received'
WHERE state = 'waiting' AND attempts < %s AND processed_at < %s - make_interval(secs => %s) * (2 ^ least(attempts, 20))
"""


def _slices(ids: Sequence[UUID], size: int) -> Iterator[Sequence[UUID]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))


def _work(wanted: QuerySet[Arrival], limit: int, act: Act) -> Worked:
    with journal.together():
        rows = list(wanted.select_for_update(skip_locked=True).order_by("id")[:limit])
        outcomes: dict[UUID, Outcome] = {}
        for source, cards in groupby(sorted(map(_card, rows), key=_source), key=_source):
            some = list(cards)
            outcomes |= zip((card.id for card in some), _handle(source, some, act), strict=True)
        if rows:
            _write(rows, outcomes, act)
    return _count(outcomes.values())


def _source(card: ArrivalCard) -> str:
    return card.source


def _card(row: Arrival) -> ArrivalCard:
    return ArrivalCard(
        id=row.id, source=row.source, topic=row.topic, sender=row.sender, delivery_id=row.delivery_id,
        content_type=row.content_type, headers=row.headers, body=bytes(row.body), received_at=row.received_at,
        attempts=row.attempts,
    )  # fmt: skip


def _handle(source: str, cards: Sequence[ArrivalCard], act: Act) -> Sequence[Outcome]:
    """The outcomes of all at once or, where that fails, of each by itself."""
    try:
        with transaction.atomic():
            outcomes = ports.source(source).handler(cards, act)
            if len(outcomes) != len(cards):
                raise RuntimeError(f"{source} answered {len(outcomes)} outcomes for {len(cards)} arrivals")  # noqa: TRY301
            return outcomes
    except Refused as refused:
        if len(cards) == 1:
            return [rules.outcome_of(refused.refusals[0])]
    except Exception as error:
        # The one blanket except of the house: whatever a stranger's bytes do to us must not keep those of others waiting.
        if _is_passing(error):
            raise
        if len(cards) == 1:
            log.exception("the handler of %s failed on arrival %s", source, cards[0].id)
            return [rules.outcome_of(IT_CRASHED)]
    return [_handle(source, [card], act)[0] for card in cards]


def _is_passing(error: Exception) -> bool:
    """Whether the database was away or busy: then nothing is wrong with what was sent, and it is tried again later."""
    state = getattr(error.__cause__, "sqlstate", None)
    return isinstance(error, OperationalError) and (state is None or state[:2] in ("08", "40", "53", "55", "57"))


def _write(rows: Sequence[Arrival], outcomes: dict[UUID, Outcome], act: Act) -> None:
    values = [
        (row_id, one.state.value, printable(one.code, 40), printable(one.sentence, 2000), printable(one.about, 120), one.order_id)
        for row_id, one in outcomes.items()
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, [act.recorded_at, act.actor, *columns(values)])
    close_repairs([row for row in rows if row.code and outcomes[row.id].state != State.REFUSED], act=act)
    open_repairs([(row.id, row.source, outcomes[row.id]) for row in rows], act=act)


_UPDATE = """
UPDATE arrivals_arrival r SET state = w.state, code = w.code, error = w.error, about = coalesce(nullif(w.about, ''), r.about),
    order_id = coalesce(w.order_id, r.order_id), attempts = least(r.attempts + 1, 32000), processed_at = %s, processed_by = %s
FROM unnest(%b::uuid[], %b::text[], %b::text[], %b::text[], %b::text[], %b::bigint[])
    AS w(id, state, code, error, about, order_id)
WHERE r.id = w.id
"""


def _count(outcomes: Iterable[Outcome]) -> Worked:
    counts = Counter(one.state.value for one in outcomes)
    return Worked(**{name: counts[name] for name in ("processed", "ignored", "waiting", "open", "refused")})


def _sum(one: Worked, other: Worked) -> Worked:
    names = ("processed", "ignored", "waiting", "open", "refused")
    return Worked(**{name: getattr(one, name) + getattr(other, name) for name in names})
