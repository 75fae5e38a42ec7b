"""How the worker shares its time among the outboxes."""

from collections.abc import Callable

import pytest

from milepost.config.worker import MOMENT_SECONDS, MUCH, Errand


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let so many seconds pass; else the clock stands still."""
    clock = [1000.0]
    monkeypatch.setattr("milepost.config.worker.time.monotonic", lambda: clock[0])

    def pass_by(seconds: float) -> None:
        clock[0] += seconds

    return pass_by


def letters(*amounts: int) -> Errand:
    left = iter(amounts)
    return Errand("letters", lambda now: next(left), every_seconds=1.0)


def test_an_outbox_with_much_work_is_asked_again_at_once(wait) -> None:
    outbox = letters(MUCH, MUCH, 0)
    assert [outbox.run_if_due() for _ in range(3)] == [True, True, False]


def test_after_little_work_more_can_gather_for_a_moment(wait) -> None:
    outbox = letters(1, MUCH)
    assert not outbox.run_if_due()
    assert not outbox.run_if_due()
    wait(MOMENT_SECONDS)
    assert outbox.run_if_due()


def test_an_empty_outbox_rests(wait) -> None:
    outbox = letters(0, MUCH)
    outbox.run_if_due()
    wait(MOMENT_SECONDS)
    assert not outbox.run_if_due()
    wait(1.0)
    assert outbox.run_if_due()
