"""A worker's hold on its notices: renewed while it works, over soon after its death; and many threads that write through one."""

import threading
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection

from milepost.ground.notices import queries
from milepost.ground.notices.commands import plan, send_due
from milepost.ground.notices.commands.leases import LEASE
from milepost.ground.notices.models import Attempt, Notice
from milepost.ground.notices.tests.acting import SYSTEM, ActingSender, wanted, write
from milepost.ground.notices.words import Outcome, Result, State

SHORT = timedelta(seconds=0.6)


def now() -> datetime:
    return datetime.now(UTC)


def test_a_killed_worker_keeps_its_letters_from_nobody_for_more_than_a_minute():
    assert timedelta(seconds=30) < LEASE < timedelta(seconds=60)


@pytest.mark.django_db(transaction=True)
def test_what_a_slow_sender_is_busy_with_stays_with_its_worker():
    plan([wanted(1)], act=SYSTEM)
    meanwhile = []

    class Slow(ActingSender):
        def send(self, messages, lanes):
            time.sleep(2.5 * SHORT.total_seconds())
            meanwhile.append(send_due(now=now(), sender=ActingSender(), compose=write, lease=SHORT).total)
            super().send(messages, lanes)

    sender = Slow()
    send_due(now=now(), sender=sender, compose=write, lease=SHORT)
    assert (meanwhile, len(sender.box), queries.notices_of(1)[0].state) == ([0], 1, State.SENT)


@pytest.mark.django_db(transaction=True)
def test_what_was_settled_meanwhile_is_not_brought_back_by_a_renewal():
    plan([wanted(1)], act=SYSTEM)

    class Slow(ActingSender):
        def send(self, messages, lanes):
            Notice.objects.update(due_at=now() - timedelta(seconds=1))
            time.sleep(2 * SHORT.total_seconds())
            due_at = Notice.objects.get().due_at
            assert due_at
            assert due_at < now()

    send_due(now=now(), sender=Slow(), compose=write, lease=SHORT)


class Threads(ActingSender):
    """Hands over from several threads, each with a lane of its own; `broken` makes the books fail."""

    def send(self, messages, lanes):
        start = threading.Barrier(len(messages))

        def one(message):
            with lanes.open() as lane:
                start.wait()
                if lane.hand_over([message.reference]):
                    self.box.append(message.reference)
                    lane.tell({message.reference: Outcome(result=Result.SENT, foreign_id=f"x-{message.lane}")})

        threads = [threading.Thread(target=one, args=[message]) for message in messages]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


@pytest.mark.django_db(transaction=True)
def test_many_threads_write_through_one_and_each_mark_is_in_the_book_before_its_message_leaves():
    plan([wanted(number) for number in range(1, 13)], act=SYSTEM)
    sender = Threads()
    assert send_due(now=now(), sender=sender, compose=write).sent == 12
    assert len(set(sender.box)) == 12
    attempts = list(Attempt.objects.all())
    assert all(one.handed_at and one.ended_at and one.handed_at <= one.ended_at for one in attempts)
    assert {one.foreign_id for one in attempts} == {f"x-{number}" for number in range(1, 13)}
    assert len({one.handed_at for one in attempts}) < 12  # several shared a commit


@pytest.mark.django_db(transaction=True)
def test_a_book_that_cannot_be_written_lets_no_message_go(monkeypatch: pytest.MonkeyPatch):
    plan([wanted(number) for number in range(1, 4)], act=SYSTEM)
    sender = Threads()

    def broken(*_: object, **__: object) -> None:
        raise DatabaseError("the disk is full")

    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr("milepost.ground.notices.commands.attempts.close_and_hand_over", broken)
        stack.enter_context(pytest.raises(DatabaseError))
        monkeypatch.setattr(threading, "excepthook", lambda _: None)
        send_due(now=now(), sender=sender, compose=write)
    assert sender.box == []
    assert {card.state for number in range(1, 4) for card in queries.notices_of(number)} == {State.PLANNED}
    connection.close()
