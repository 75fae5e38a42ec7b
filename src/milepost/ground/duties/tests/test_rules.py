"""When duties are due, when they are looked at, and how desks group them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.ground.duties import rules
from milepost.ground.duties.words import DutyCard, Urgency, View, Wanted
from milepost.ground.procedures import defaults
from milepost.ground.procedures.words import Rung

BOOK = defaults.book()
BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY = datetime(2026, 3, 6, 16, tzinfo=BERLIN)


def marks(kind: str, opened_at: datetime, due: datetime | None = None) -> tuple[rules.Mark, ...]:
    due = due or rules.due_at(BOOK.clock(kind), BOOK.calendar(), opened_at)
    return rules.marks(BOOK.clock(kind), BOOK.ladder(kind), BOOK.calendar(), opened_at=opened_at, due=due)


@pytest.mark.clause("ACK-2")
def test_24_hours_are_24_hours_also_over_the_weekend_and_are_warned_of_three_times():
    assert rules.due_at(BOOK.clock("acknowledge"), BOOK.calendar(), FRIDAY) == FRIDAY + timedelta(hours=24)
    warnings = [(mark.percent, mark.at) for mark in marks("acknowledge", FRIDAY) if mark.percent]
    assert warnings == [
        (50, FRIDAY + timedelta(hours=12)),
        (75, FRIDAY + timedelta(hours=18)),
        (90, FRIDAY + timedelta(hours=21, minutes=36)),
    ]


def test_working_hours_pass_over_the_weekend_and_so_do_their_warnings():
    assert rules.due_at(BOOK.clock("settle_hold"), BOOK.calendar(), FRIDAY) == datetime(2026, 3, 9, 11, tzinfo=BERLIN)
    half, three_quarters = (mark.at for mark in marks("settle_hold", FRIDAY) if mark.percent)
    assert half == datetime(2026, 3, 9, 9, tzinfo=BERLIN)
    assert three_quarters == datetime(2026, 3, 9, 10, tzinfo=BERLIN)


@pytest.mark.clause("EXC-4")
def test_a_ladder_is_climbed_rung_by_rung_in_time():
    climbed = [(mark.rung.level, mark.rung.role) for mark in marks("acknowledge", FRIDAY) if mark.rung]
    assert climbed == [(1, "order_management"), (2, "management"), (3, "management")]
    before_it_breaks = next(mark for mark in marks("acknowledge", FRIDAY) if mark.rung)
    assert before_it_breaks.at < FRIDAY + timedelta(hours=24)


def test_a_look_gives_the_last_warning_and_every_rung_that_was_passed_and_says_when_to_look_again():
    found = marks("acknowledge", FRIDAY)
    look = rules.look(found, warned=0, level=0, now=FRIDAY + timedelta(hours=19))
    assert (look.warning, look.rungs) == (75, ())
    assert look.next_check_at == FRIDAY + timedelta(hours=21, minutes=36)
    late = rules.look(found, warned=75, level=0, now=FRIDAY + timedelta(hours=30))
    assert (late.warning, [rung.level for rung in late.rungs]) == (90, [1, 2])
    again = rules.look(found, warned=90, level=2, now=FRIDAY + timedelta(hours=30))
    assert (again.warning, again.rungs, again.next_check_at) == (0, (), FRIDAY + timedelta(hours=48))
    end = rules.look(found, warned=90, level=3, now=FRIDAY + timedelta(days=9))
    assert (end.warning, end.rungs, end.next_check_at) == (0, (), None)


@given(
    st.sampled_from(sorted(BOOK.clocks)),
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC)),  # noqa: DTZ001 given a zone beside
)
def test_the_first_check_is_the_first_of_all_marks(kind: str, opened_at: datetime):
    clock, calendar = BOOK.clock(kind), BOOK.calendar()
    due = rules.due_at(clock, calendar, opened_at)
    first = rules.first_check(clock, BOOK.ladder(kind), calendar, opened_at=opened_at, due=due)
    assert first == min(mark.at for mark in marks(kind, opened_at))


def test_without_warnings_and_ladder_nobody_looks():
    assert rules.first_check(None, (), BOOK.calendar(), opened_at=FRIDAY, due=FRIDAY) is None
    late = (Rung(level=1, role="management", after_hours=Decimal(2)),)
    assert rules.first_check(None, late, BOOK.calendar(), opened_at=FRIDAY, due=FRIDAY) == FRIDAY + timedelta(hours=2)


CARD = DutyCard(
    id=UUID(int=1), order_id=7, subject_kind="order", subject_id="7", kind="pick", role="fulfilment", assignee=None,
    says="Pick.", opened_at=FRIDAY, due_at=FRIDAY + timedelta(hours=3), level=0, warned=0, snoozed_until=None,
    snoozed_because="", closed_at=None, closed_by="", outcome="", data={},
)  # fmt: skip


@pytest.mark.parametrize(("change", "urgency"), [
    ({}, Urgency.TODAY),
    ({"due_at": FRIDAY - timedelta(seconds=1)}, Urgency.LATE),
    ({"due_at": FRIDAY}, Urgency.TODAY),
    ({"due_at": FRIDAY + timedelta(hours=8)}, Urgency.SOON),
    ({"due_at": FRIDAY - timedelta(days=1), "snoozed_until": FRIDAY + timedelta(hours=1)}, Urgency.WAITING),
    ({"due_at": FRIDAY - timedelta(days=1), "snoozed_until": FRIDAY}, Urgency.LATE),
    ({"kind": "answer_questions"}, Urgency.WAITING),
    ({"kind": "answer_questions", "due_at": FRIDAY + timedelta(days=9)}, Urgency.WAITING),
    ({"kind": "answer_questions", "due_at": FRIDAY - timedelta(seconds=1)}, Urgency.LATE),
])  # fmt: skip
def test_urgency_follows_from_the_clock_and_from_whose_word_is_next(change, urgency):
    view = View(now=FRIDAY, end_of_today=FRIDAY + timedelta(hours=8), idle=["answer_questions"])
    assert rules.urgency(replace(CARD, **change), view) == urgency


def test_a_duty_names_its_subject():
    with pytest.raises(ValueError, match="names it"):
        Wanted(kind="pick")
    with pytest.raises(ValueError, match="names its subject"):
        Wanted(kind="it_repair", subject_kind="code")
