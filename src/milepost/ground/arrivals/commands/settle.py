"""Settle: a person, or another room, has seen to what an arrival asked."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from milepost.ground import journal
from milepost.ground.arrivals.commands.repairs import close_repairs, open_repairs
from milepost.ground.arrivals.models import Arrival
from milepost.ground.arrivals.words import CAN_BE_RETRIED, Outcome, State
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal, Refused, refuse_any

NO_ARRIVAL = Refusal(
    code="no_arrival", says="There is nothing to be settled under this id.", do="Look at the list again.", status=404
)
NO_REASON = Refusal(code="no_reason", says="A reason is needed.", do="Say why in a few words.", field="reason")


def settle(outcomes: Mapping[UUID, Outcome], *, act: Act) -> None:
    """Write what became of arrivals that were open, waited or were refused. Refuses `no_arrival` for any other."""
    with journal.together():
        rows = list(
            Arrival.objects.select_for_update().filter(id__in=list(outcomes), state__in=CAN_BE_RETRIED).order_by("id")
        )
        if len(rows) != len(outcomes):
            raise Refused(NO_ARRIVAL)
        close_repairs([row for row in rows if outcomes[row.id].state != State.REFUSED], act=act)
        for row in rows:
            _take(row, outcomes[row.id], act)
        Arrival.objects.bulk_update(rows, ["state", "code", "error", "order_id", "processed_at", "processed_by"])
        open_repairs([(row.id, row.source, outcomes[row.id]) for row in rows], act=act)


def _take(row: Arrival, outcome: Outcome, act: Act) -> None:
    row.state, row.code, row.error = outcome.state.value, outcome.code, outcome.sentence
    row.order_id = outcome.order_id or row.order_id
    row.processed_at, row.processed_by = act.recorded_at, act.actor


def set_aside(ids: Sequence[UUID], *, act: Act) -> None:
    """Nothing is to be made of these, with the reason of the act. Refuses `no_reason`, `no_arrival`."""
    refuse_any([] if act.reason else [NO_REASON])
    settle(dict.fromkeys(ids, Outcome(state=State.IGNORED, code="set_aside", sentence=act.reason)), act=act)


def overtake(source: str, about: str, *, but: UUID, act: Act) -> None:
    """What a later arrival says of the same thing settles those that were refused, open or waiting. One statement if none."""
    rows = Arrival.objects.filter(source=source, about=about, state__in=CAN_BE_RETRIED).exclude(id=but)
    with journal.together():
        ids = list(rows.select_for_update().order_by("id").values_list("id", flat=True))
        if ids:
            settle(dict.fromkeys(ids, OVERTAKEN), act=act)


OVERTAKEN = Outcome(
    state=State.IGNORED, code="overtaken", sentence="A later message about the same thing was followed."
)
