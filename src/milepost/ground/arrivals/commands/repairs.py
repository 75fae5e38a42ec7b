"""Whose duty it becomes when an arrival cannot be worked on, and that the duty ends with the repair."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from uuid import UUID

from milepost.ground.arrivals import ports
from milepost.ground.arrivals.models import Arrival
from milepost.ground.arrivals.words import CRASHED, Outcome, State
from milepost.ground.duties.commands import close_duties, open_duties
from milepost.ground.duties.words import Subject, Wanted
from milepost.ground.procedures.queries import book
from milepost.kernel.acts import Act

ARRIVAL, KIND_OF_FAULT = "arrival", "arrivals"
WITHIN = timedelta(hours=4)


def open_repairs(outcomes: Sequence[tuple[UUID, str, Outcome]], *, act: Act) -> None:
    """A duty for each arrival that a clerk can repair; for those of machines one for each source and fault, for IT."""
    refused = [(row_id, source, one) for row_id, source, one in outcomes if one.state == State.REFUSED]
    wanted = {(one.kind, one.subject_id): one for one in (_wanted(*some, act) for some in refused)}
    if wanted:
        open_duties(list(wanted.values()), act=act)


def _wanted(row_id: UUID, source: str, outcome: Outcome, act: Act) -> Wanted:
    kind = _repair(source, outcome.code)
    by_it = kind == ports.REPAIR_BY_IT
    known = kind in book().clocks
    return Wanted(
        kind=kind, subject_kind=KIND_OF_FAULT if by_it else ARRIVAL,
        subject_id=f"{source}:{outcome.code}"[:64] if by_it else str(row_id),
        data={"source": source, "code": outcome.code, "arrival": str(row_id), "sentence": outcome.sentence},
        due_at=None if known else act.at + WITHIN, role=None if known else "it_support",
        says=f"What {source} sent could not be worked on: {outcome.sentence}"[:500],
    )  # fmt: skip


def _repair(source: str, code: str) -> str:
    known = source in ports.known_sources()
    return ports.REPAIR_BY_IT if code == CRASHED or not known else ports.source(source).repair


def close_repairs(rows: Sequence[Arrival], *, act: Act) -> None:
    """What was refused before has been worked on: its duty is done, and that of IT when it was the last of its fault."""
    if rows:
        close_duties(["repair_arrival", "it_repair"], subjects=list(_subjects(rows)), outcome="worked on", act=act)


def _subjects(rows: Sequence[Arrival]) -> Iterator[Subject]:
    """The arrivals themselves, and the faults of which none is left. `rows` bear the fault that they had before."""
    faults = {(row.source, row.code) for row in rows if row.code}
    left = set(
        Arrival.objects.filter(state=State.REFUSED, source__in=[source for source, _ in faults])
        .values_list("source", "code").distinct()
    )  # fmt: skip
    yield from (Subject(ARRIVAL, str(row.id)) for row in rows)
    yield from (Subject(KIND_OF_FAULT, f"{source}:{code}"[:64]) for source, code in sorted(faults - left))
