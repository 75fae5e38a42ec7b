"""Losses: parcels that are lost or come back undelivered, until they turn up or are settled (EXC-1)."""

from collections.abc import Sequence

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.kernel.facts import OrderFact
from milepost.kernel.ids import new_id
from milepost.way.cases.commands.finding import end, in_turn, open_cases
from milepost.way.cases.facts import ExceptionFound
from milepost.way.cases.models import Case
from milepost.way.cases.words import CaseKind, FoundBy, Outcome
from milepost.way.promising.words import Cause
from milepost.way.tracking import queries as tracking
from milepost.way.tracking.words import Progress, Reached, Stage


def watch_parcels(order_ids: Sequence[int], *, act: Act) -> None:
    """Open a case for each order of which a parcel is lost or comes back undelivered; settle it when none is any more."""
    with journal.together():
        wanted = in_turn(order_ids)
        progress = tracking.progress(wanted)
        facts: list[OrderFact] = []
        for kind, is_so in _TROUBLES.items():
            cases = open_cases(wanted, kind)
            bad = [key for key in wanted if any(is_so(parcel) for parcel in progress.get(key, ()))]
            rows = [_exception(order_id, kind, act) for order_id in bad if order_id not in cases]
            Case.objects.bulk_create(rows)
            facts += [ExceptionFound(order_id=r.order_id, case_id=r.id, kind=r.kind, cause=r.cause) for r in rows]
            facts += end([case for key, case in cases.items() if key not in bad], Outcome.SETTLED, act)
        journal.record(facts, act=act)


def _is_lost(parcel: Progress) -> bool:
    return parcel.stage is Stage.LOST


def _comes_back(parcel: Progress) -> bool:
    """Undelivered; what a customer sends back is no exception."""
    return parcel.stage in (Stage.RETURNING, Stage.RETURNED) and parcel.reached is not Reached.DELIVERED


_TROUBLES = {CaseKind.LOST: _is_lost, CaseKind.RETURN: _comes_back}


def _exception(order_id: int, kind: CaseKind, act: Act) -> Case:
    return Case(
        id=new_id(), order_id=order_id, kind=kind, cause=Cause.CARRIER, found_by=FoundBy.CARRIER, found_at=act.at
    )
