"""Verbs of duties: open, close, take, hand over, snooze, and the look at all that are due."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any
from uuid import UUID

import orjson
from django.db import connection, transaction

from milepost.ground import journal
from milepost.ground.access.words import ROLES
from milepost.ground.duties import rules
from milepost.ground.duties.facts import (
    DutyClosedByHand,
    DutyEscalated,
    DutyFact,
    DutyHandedOver,
    DutySnoozed,
    DutyTaken,
    DutyWarned,
)
from milepost.ground.duties.models import Duty
from milepost.ground.duties.words import ORDER, Subject, Wanted
from milepost.ground.procedures import queries as procedures
from milepost.ground.procedures.words import Book
from milepost.kernel.acts import Act
from milepost.kernel.columns import columns
from milepost.kernel.ids import new_id
from milepost.kernel.refusals import Refusal, Refused, refuse_any

NO_DUTY = Refusal(code="no_duty", says="There is no such open duty.", do="Look at your desk again.", status=404)
UNKNOWN_ROLE = Refusal(code="unknown_role", says="There is no such role.", do="Choose one of the list.", field="role")
NO_REASON = Refusal(code="no_reason", says="A reason is needed.", do="Say why in a few words.", field="reason")
NOT_LATER = Refusal(
    code="not_later", says="A duty can only wait until a later time.", do="Choose a time to come.", field="until"
)


def open_duties(wanted: Sequence[Wanted], *, act: Act) -> None:
    """Open duties; of one that is already open for the same subject nothing changes. One statement for any number.

    Due times and sentences that are not given come from the clocks, reckoned from `act.at`. Of history nobody is warned:
    what was due before we learned of it only stands on the desk. Refuses `no_clock` for a kind without clock and due time.
    """
    if not wanted:
        return
    opening = _Opening(procedures.book(), act)
    rows = [opening.row(one) for one in wanted]
    journal.write(_OPEN, rows)


class _Opening:
    """Reckons each kind of duty once for all that are opened in one act."""

    def __init__(self, book: Book, act: Act) -> None:
        self.book, self.act = book, act
        self._dues: dict[tuple[str, datetime], datetime] = {}
        self._checks: dict[tuple[str, datetime], datetime | None] = {}

    def row(self, one: Wanted) -> tuple[Any, ...]:
        clock = self.book.clocks.get(one.kind)
        due = one.due_at or self._due(one.kind, one.since or self.act.at)
        return (
            new_id(), one.order_id, one.subject_kind, one.subject_id or str(one.order_id), one.kind,
            one.role or (clock or self.book.clock(one.kind)).role, one.says or (clock or self.book.clock(one.kind)).says,
            self.act.at, due, self._first_check(one.kind, due), orjson.dumps(dict(one.data), default=str).decode(),
        )  # fmt: skip

    def _due(self, kind: str, since: datetime) -> datetime:
        if (kind, since) not in self._dues:
            self._dues[kind, since] = rules.due_at(self.book.clock(kind), self.book.calendar(), since)
        return self._dues[kind, since]

    def _first_check(self, kind: str, due: datetime) -> datetime | None:
        if self.act.history and due <= self.act.recorded_at:
            return None
        if (kind, due) not in self._checks:
            clock, ladder, calendar = self.book.clocks.get(kind), self.book.ladder(kind), self.book.calendar()
            self._checks[kind, due] = rules.first_check(clock, ladder, calendar, opened_at=self.act.at, due=due)
        return self._checks[kind, due]


_OPEN = """
INSERT INTO duties_duty (id, order_id, subject_kind, subject_id, kind, role, says, opened_at, due_at, next_check_at, data,
    warned, level, snoozed_because, closed_by, outcome)
SELECT given.*, 0, 0, '', '', '' FROM unnest(%b::uuid[], %b::bigint[], %b::text[], %b::text[], %b::text[], %b::text[], %b::text[],
    %b::timestamptz[], %b::timestamptz[], %b::timestamptz[], %b::jsonb[]) AS given
ON CONFLICT DO NOTHING
"""


def close_duties(
    kinds: Sequence[str] | None,
    *,
    outcome: str,
    act: Act,
    order_ids: Sequence[int] = (),
    subjects: Sequence[Subject] = (),
) -> None:
    """Close the open duties of these kinds (None: of all kinds) about these orders and subjects; none is no mistake.

    A kind that is about an order's parts (a parcel, a notice) is closed by naming the part as subject.
    """
    for where, about in _by_shape(order_ids, subjects):
        if about:
            names = columns((one.order_id, one.kind, one.id) for one in about)
            with connection.cursor() as cursor:
                cursor.execute(
                    _CLOSE + where, [act.at, act.actor, outcome, *names, None if kinds is None else list(kinds)]
                )


def _by_shape(order_ids: Sequence[int], subjects: Sequence[Subject]) -> Iterator[tuple[str, list[Subject]]]:
    """Two shapes, because no index answers IS NOT DISTINCT FROM."""
    about = [*(Subject(ORDER, str(order_id), order_id) for order_id in order_ids), *subjects]
    yield " AND d.order_id = about.order_id", [one for one in about if one.order_id is not None]
    yield " AND d.order_id IS NULL", [one for one in about if one.order_id is None]


_CLOSE = """
UPDATE duties_duty d SET closed_at = greatest(d.opened_at, %s::timestamptz), closed_by = %s, outcome = %s, next_check_at = NULL
FROM unnest(%b::bigint[], %b::text[], %b::text[]) AS about(order_id, subject_kind, subject_id)
WHERE d.closed_at IS NULL AND d.subject_kind = about.subject_kind AND d.subject_id = about.subject_id
  AND d.kind = ANY(coalesce(%b::text[], ARRAY[d.kind::text]))
"""


def close_all_of(order_ids: Sequence[int], *, outcome: str, act: Act) -> None:
    """Close every open duty that belongs to these orders, whatever its subject; for orders that are at an end."""
    if order_ids:
        Duty.objects.filter(order_id__in=list(order_ids), closed_at=None).update(
            closed_at=act.at, closed_by=act.actor, outcome=outcome, next_check_at=None
        )


def reschedule(kind: str, due_at: Mapping[int, datetime], *, act: Act) -> None:
    """Move the due time of open duties of one kind about orders; orders without one are passed over. Two statements.

    Warnings and rungs that were reached before are not repeated.
    """
    with transaction.atomic():
        rows = list(
            Duty.objects.select_for_update().order_by("order_id").filter(
                closed_at=None, kind=kind, subject_kind=ORDER, order_id__in=list(due_at)
            )
        )  # fmt: skip
        rows = [row for row in rows if row.due_at != due_at[row.order_id or 0]]
        book = procedures.book()
        for row in rows:
            row.due_at = due_at[row.order_id or 0]
            found = _marks(book, kind, opened_at=row.opened_at, due=row.due_at)
            if not (act.history and row.due_at <= act.recorded_at):
                row.next_check_at = rules.next_look(found, warned=row.warned, level=row.level)
        if rows:
            _keep_dues(rows)


def _keep_dues(rows: Sequence[Duty]) -> None:
    values = [(row.id, row.due_at, row.snoozed_until or row.next_check_at) for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_DUES, columns(values))


_KEEP_DUES = """
UPDATE duties_duty d SET due_at = v.due_at, next_check_at = v.next_check_at
FROM unnest(%b::uuid[], %b::timestamptz[], %b::timestamptz[]) AS v(id, due_at, next_check_at) WHERE d.id = v.id
"""


def bring_forward(due_at: Mapping[UUID, datetime], *, act: Act) -> None:
    """Let open duties be due sooner than they were; one that is due sooner anyway stays as it is. Two statements."""
    with transaction.atomic():
        rows = Duty.objects.select_for_update().filter(closed_at=None, id__in=list(due_at)).order_by("id")
        sooner = [row for row in rows if due_at[row.id] < row.due_at]
        book = procedures.book()
        for row in sooner:
            row.due_at = due_at[row.id]
            found = _marks(book, row.kind, opened_at=row.opened_at, due=row.due_at)
            row.next_check_at = rules.next_look(found, warned=row.warned, level=row.level)
        if sooner:
            _keep_dues(sooner)


def assign(assignees: Mapping[UUID, int], *, act: Act) -> None:
    """Give duties to who has what they are about; nobody else hears of it. Two statements."""
    with transaction.atomic():
        rows = list(Duty.objects.select_for_update().filter(closed_at=None, id__in=list(assignees)).order_by("id"))
        for row in rows:
            row.assignee = assignees[row.id]
        Duty.objects.bulk_update(rows, ["assignee"])


def take(duty_ids: Sequence[UUID], *, staff_id: int, act: Act) -> None:
    """Take duties upon oneself. Refuses `no_duty`."""

    def take_one(row: Duty) -> DutyFact:
        row.assignee = staff_id
        return DutyTaken(**_about(row), assignee=staff_id)

    _change(duty_ids, take_one, ["assignee"], act)


def hand_over(duty_ids: Sequence[UUID], *, role: str | None, act: Act, assignee: int | None = None) -> None:
    """Give duties to another role (None: each stays with its own), or to one of its people; their clocks run on.

    Refuses `no_duty`, `unknown_role`.
    """
    if role is not None and role not in ROLES:
        raise Refused(UNKNOWN_ROLE)

    def hand_over_one(row: Duty) -> DutyFact:
        to = role or row.role
        fact = DutyHandedOver(**_about(row), role=to, was_role=row.role, assignee=assignee, was_assignee=row.assignee)
        row.role, row.assignee = to, assignee
        return fact

    _change(duty_ids, hand_over_one, ["role", "assignee"], act)


def snooze(duty_ids: Sequence[UUID], *, until: datetime, act: Act) -> None:
    """Let duties wait, with the reason of the act; they are not looked at until then, and their due time stays.

    Refuses `no_duty`, `no_reason`, `not_later`.
    """
    refuse_any(refusal for refusal, wrong in ((NO_REASON, not act.reason), (NOT_LATER, until <= act.at)) if wrong)

    def snooze_one(row: Duty) -> DutyFact:
        row.snoozed_until, row.snoozed_because, row.next_check_at = until, act.reason, until
        return DutySnoozed(**_about(row), until=until)

    _change(duty_ids, snooze_one, ["snoozed_until", "snoozed_because", "next_check_at"], act)


def close_by_hand(duty_ids: Sequence[UUID], *, outcome: str, act: Act) -> None:
    """Say that duties are done or needless, with the reason of the act. Refuses `no_duty`, `no_reason`."""
    refuse_any([NO_REASON] if not (act.reason and outcome) else [])

    def close_one(row: Duty) -> DutyFact:
        row.closed_at, row.closed_by, row.outcome, row.next_check_at = act.at, act.actor, outcome, None
        return DutyClosedByHand(**_about(row), outcome=outcome)

    _change(duty_ids, close_one, ["closed_at", "closed_by", "outcome", "next_check_at"], act)


def _change(duty_ids: Sequence[UUID], change: Callable[[Duty], DutyFact], fields: list[str], act: Act) -> None:
    with transaction.atomic():
        rows = Duty.objects.select_for_update().filter(closed_at=None).order_by("id").in_bulk(duty_ids)
        refuse_any(NO_DUTY.at(index=place) for place, one in enumerate(duty_ids) if one not in rows)
        facts = [change(row) for row in rows.values()]
        Duty.objects.bulk_update(rows.values(), fields)
        journal.record(facts, act=act)


def check_due(now: datetime, limit: int = 500) -> int:
    """Look at the duties whose time has come: warn, escalate by the ladder, set the next look. Returns how many.

    For the worker's outbox: any number of workers may call it at once, each claims its own rows. What follows from warnings
    and escalations (notices) is recorded in the same transaction.
    """
    act = Act.now("system:clock", channel="worker", now=now)
    with transaction.atomic():
        due = Duty.objects.select_for_update(skip_locked=True).filter(closed_at=None, next_check_at__lte=now)
        rows = list(due.order_by("next_check_at")[:limit])
        book = procedures.book()
        facts = list(chain.from_iterable(_look(row, book, now) for row in rows))
        _keep_looks(rows)
        journal.record(facts, act=act)
    return len(rows)


def _look(row: Duty, book: Book, now: datetime) -> Iterable[DutyFact]:
    """Change the row by what the look says, and tell it."""
    found = _marks(book, row.kind, opened_at=row.opened_at, due=row.due_at)
    verdict = rules.look(found, warned=row.warned, level=row.level, now=now)
    row.next_check_at = verdict.next_check_at
    row.snoozed_until = None
    if verdict.warning and now < row.due_at:
        yield DutyWarned(**_about(row), role=row.role, percent=verdict.warning, due_at=row.due_at)
    row.warned = max(row.warned, verdict.warning)
    for rung in verdict.rungs:
        row.level = rung.level
        yield DutyEscalated(
            **_about(row), role=rung.role, owner=row.role, level=rung.level, due_at=row.due_at, channels=rung.channels
        )


def _keep_looks(rows: Sequence[Duty]) -> None:
    if rows:
        with connection.cursor() as cursor:
            values = [(row.id, row.next_check_at, row.warned, row.level) for row in rows]
            cursor.execute(_KEEP_LOOKS, columns(values))


_KEEP_LOOKS = """
UPDATE duties_duty d SET next_check_at = v.next_check_at, warned = v.warned, level = v.level, snoozed_until = NULL
FROM unnest(%b::uuid[], %b::timestamptz[], %b::int[], %b::int[]) AS v(id, next_check_at, warned, level) WHERE d.id = v.id
"""


def _marks(book: Book, kind: str, *, opened_at: datetime, due: datetime) -> tuple[rules.Mark, ...]:
    return rules.marks(book.clocks.get(kind), book.ladder(kind), book.calendar(), opened_at=opened_at, due=due)


def _about(row: Duty) -> dict[str, Any]:
    return {"duty_id": row.id, "order_id": row.order_id, "kind_of_duty": row.kind}
