"""What attempts mean for notices, and what replaces what."""

from datetime import UTC, datetime, timedelta

import pytest

from milepost.ground.notices import rules
from milepost.ground.notices.rules import LADDER, Place
from milepost.ground.notices.states import NOTICE
from milepost.ground.notices.words import Reason, Result, State

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


def after(result: Result, *, failures: int = 0, attempts: int = 1) -> rules.Verdict:
    return rules.after(result, detail="", sender="smtp", attempts=attempts, failures=failures, now=NOW)


def place(template: str, rank: int, *, minute: int = 0, state: str = State.PLANNED, lasting: bool = False) -> Place:
    return Place(
        template=template, milestone=template, rank=rank, planned_at=NOW + timedelta(minutes=minute), state=state, lasting=lasting
    )  # fmt: skip


def test_no_state_of_a_notice_is_a_trap_or_an_orphan():
    assert not NOTICE.traps()
    assert NOTICE.orphans() == set()
    assert NOTICE.states == tuple(State) or set(NOTICE.states) == set(State)


@pytest.mark.parametrize("result", Result)
@pytest.mark.parametrize("failures", [0, len(LADDER)])
def test_every_result_leads_a_notice_from_sending_somewhere(result: Result, failures: int):
    verdict = after(result, failures=failures)
    target = NOTICE.target(State.SENDING, verdict.verb)
    assert (target == State.PLANNED) == (verdict.due_at is not None)
    assert bool(verdict.reason) == (target in (State.FAILED, State.UNKNOWN))
    assert verdict.says.endswith(".")


def test_a_lapsed_attempt_is_due_at_once_because_nothing_left():
    assert after(Result.LAPSED).due_at == NOW


def test_the_last_try_falls_within_the_24_hours_of_an_acknowledgement():
    assert timedelta(hours=16) < sum(LADDER, timedelta()) < timedelta(hours=24)


def test_a_deferred_notice_climbs_the_ladder_and_fails_past_its_end():
    waits = [after(Result.DEFERRED, failures=failures).due_at for failures in range(len(LADDER))]
    assert waits == [NOW + wait for wait in LADDER]
    assert after(Result.DEFERRED, failures=len(LADDER)).reason == Reason.GAVE_UP


def test_an_absent_server_is_waited_for_without_end_and_without_counting_as_failure():
    verdict = after(Result.UNREACHABLE, attempts=500, failures=2)
    assert (verdict.due_at, verdict.failures) == (NOW + rules.LONGEST_ABSENCE, 2)


def test_an_unknown_outcome_is_never_planned_again_by_itself():
    assert after(Result.UNKNOWN).verb == "lose"


@pytest.mark.clause("NTF-1")
def test_a_later_milestone_replaces_an_unsent_earlier_one():
    shipped, delivered = place("shipment_notice", 30), place("delivery_confirmation", 60, minute=5)
    assert rules.replaced_by(shipped, [shipped, delivered]) == delivered
    assert rules.replaced_by(delivered, [shipped, delivered]) is None


def test_what_was_itself_not_sent_replaces_nothing():
    shipped = place("shipment_notice", 30)
    for state in (State.SUPPRESSED, State.SUPERSEDED, State.FAILED):
        assert rules.replaced_by(shipped, [place("delivery_confirmation", 60, state=state)]) is None


def test_an_acknowledgement_is_worth_having_whatever_came_after():
    assert rules.replaced_by(place("acknowledgement", 0, lasting=True), [place("shipment_notice", 30)]) is None


def test_the_newest_of_one_kind_replaces_the_older_because_each_tells_the_present():
    first, second = place("delay_notice", 35), place("delay_notice", 35, minute=9)
    assert rules.replaced_by(first, [first, second]) == second
    assert rules.replaced_by(second, [first, second]) is None
    assert rules.replaced_by(first, [place("other", 35, minute=9)]) is None
