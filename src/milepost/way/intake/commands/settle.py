"""Settle: what was doubtful is clarified, and the outcome is on record; what no longer waits for anything is said (VER-3)."""

from collections.abc import Iterator, Mapping, Sequence

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.kernel.facts import OrderFact
from milepost.way.intake.commands.ask import waiting
from milepost.way.intake.facts import FindingSettled, HoldSettled, QuestionsOver
from milepost.way.intake.models import FindingRow
from milepost.way.intake.questions import Outcome


def settle(released: Mapping[tuple[int, str], str], *, act: Act) -> None:
    """Note that somebody decided to go on: what is open behind these holds (order and kind) is settled by their release, in
    their words. Five statements at most."""
    with journal.together():
        order_ids = [order_id for order_id, _ in released]
        rows = FindingRow.objects.filter(order_id__in=order_ids, settled_at=None).order_by("order_id", "id")
        mine = [row for row in rows if (row.order_id, row.hold) in released]
        unsaid = [(row.id, released[row.order_id, row.hold]) for row in mine if not row.answer]
        if unsaid:
            journal.write(_SAY, unsaid)
        journal.record(settled(mine, Outcome.OVERRIDDEN, act), act=act)


_SAY = """
UPDATE intake_finding f SET answer = s.answer FROM unnest(%b::uuid[], %b::text[]) AS s(id, answer) WHERE f.id = s.id
"""


def settled(rows: Sequence[FindingRow], outcome: Outcome, act: Act) -> list[OrderFact]:
    """Write the outcome of open findings, and answer the facts: what was settled, which holds wait for nothing, and where no
    question waits for the customer. Three statements, none without findings."""
    if not rows:
        return []
    FindingRow.objects.filter(id__in=[row.id for row in rows]).update(
        settled_at=act.at, settled_by=act.actor, outcome=outcome
    )
    order_ids = sorted({row.order_id for row in rows})
    still = FindingRow.objects.filter(order_id__in=order_ids, settled_at=None, blocking=True)
    held = set(still.values_list("order_id", "hold"))
    asked = {row.order_id for row in rows if row.asked_at is not None}
    return [
        *(_settled(row, outcome) for row in rows),
        *_free(rows, held),
        *(QuestionsOver(order_id=order_id) for order_id in over(sorted(asked))),
    ]


def _settled(row: FindingRow, outcome: Outcome) -> FindingSettled:
    return FindingSettled(order_id=row.order_id, finding_id=row.id, field=row.field, outcome=outcome.value)


def _free(rows: Sequence[FindingRow], held: set[tuple[int, str]]) -> Iterator[HoldSettled]:
    mine = dict.fromkeys((row.order_id, row.hold) for row in rows if row.blocking)
    yield from (HoldSettled(order_id=order_id, hold=hold) for order_id, hold in mine if (order_id, hold) not in held)


def over(order_ids: Sequence[int]) -> list[int]:
    """Those of the orders of which no question waits for the customer. One statement, none without orders."""
    if not order_ids:
        return []
    open_ones = {row.order_id for row in waiting(order_ids)}
    return [order_id for order_id in order_ids if order_id not in open_ones]
