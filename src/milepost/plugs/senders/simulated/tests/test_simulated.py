"""The simulated provider in a process of its own: its manners and its book."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.outbox import Provider, providers
from milepost.ground.notices.words import Answer, Message, Outcome, Result
from milepost.plugs.senders.simulated import SimulatedSender
from milepost.plugs.senders.simulated.faults import Chance, Faults, read_faults
from milepost.plugs.senders.simulated.sender import _outcomes
from milepost.plugs.senders.tests.books import Books, question, text_message

NAMES = [f"{number:032x}" for number in range(1, 21)]


@contextmanager
def provider(folder: Path, faults: str = "") -> Iterator[tuple[SimulatedSender, Provider]]:
    with providers(folder, faults, "one") as (one,):
        yield SimulatedSender(port=one.port, timeout=0.3, settled_seconds=30, group=10, connections=1), one


def messages() -> list[Message]:
    return [text_message(name) for name in NAMES]


def results(sender: SimulatedSender) -> tuple[set[Result], Books]:
    books = Books()
    sender.send(messages(), books)
    return set(books.results.values()), books


def test_it_takes_what_it_is_given_and_knows_what_it_has(tmp_path: Path):
    with provider(tmp_path) as (sender, one):
        assert results(sender)[0] == {Result.SENT}
        assert sender.lookup([NAMES[0], "never"]) == {NAMES[0]: Answer.FOUND, "never": Answer.CANNOT_TELL}
        assert one.book()[0] == dict.fromkeys(NAMES, 1)
        sender.send(messages()[:1], Books())
        assert one.book()[0][NAMES[0]] == 2  # its book tells of our faults and hides none


def test_silence_after_it_has_accepted_is_unknown_and_found_by_asking(tmp_path: Path):
    with provider(tmp_path, "silent=1") as (sender, one):
        told, books = results(sender)
        assert (told, sorted(one.book()[0])) == ({Result.UNKNOWN}, NAMES)
        assert len(books.handed) == 20


def test_silence_without_accepting_is_unknown_and_absent_after_a_while(tmp_path: Path):
    with provider(tmp_path, "deaf=1") as (sender, one):
        assert (results(sender)[0], one.book()[0]) == ({Result.UNKNOWN}, {})
        assert set(sender.ask([question(minutes=0.2)]).values()) == {Answer.NOT_YET}
        assert set(sender.ask([question(minutes=2)]).values()) == {Answer.ABSENT}


@pytest.mark.parametrize("faults", ["nonsense=1", "partly=1"])
def test_an_answer_that_is_none_is_unknown(tmp_path: Path, faults: str):
    with provider(tmp_path, faults) as (sender, _):
        assert results(sender)[0] == {Result.UNKNOWN}


def test_a_burst_is_a_later(tmp_path: Path):
    with provider(tmp_path, "bursts=1") as (sender, one):
        assert (results(sender)[0], one.book()[0]) == ({Result.DEFERRED}, {})


def test_a_provider_that_is_not_there_is_unreachable():
    sender = SimulatedSender(port=9, connections=1)
    told, books = results(sender)
    assert (told, books.handed) == ({Result.UNREACHABLE}, [])
    assert set(sender.ask([question(minutes=60)]).values()) == {Answer.NOT_YET}


def test_only_an_answer_about_each_message_and_no_other_is_believed():
    good = {"taken": ["a"], "refused": ["b"], "later": False}
    assert {one: said.result for one, said in _outcomes(["a", "b"], good).items()} == {
        "a": Result.SENT,
        "b": Result.REFUSED,
    }
    odd_answers: list[object] = [
        {},
        [],
        None,
        {**good, "taken": ["a", "c"]},
        {**good, "taken": "ab"},
        {**good, "later": 0},
        {**good, "refused": []},
    ]
    for odd in odd_answers:
        assert {said.result for said in _outcomes(["a", "b"], odd).values()} == {Result.UNKNOWN}
    assert isinstance(_outcomes(["a"], None)["a"], Outcome)


def test_faults_are_drawn_from_a_seed_in_the_shares_asked_for():
    chance = Chance(Faults(silent=0.3, deaf=0.1, bursts=0.25, burst_seconds=2), 7)
    drawn = [chance.befalls() for _ in range(4000)]
    assert 1100 < drawn.count("silent") < 1300
    assert 320 < drawn.count("deaf") < 480
    steps = [chance.in_burst(step / 10) for step in range(20_000)]
    assert 0.18 < sum(steps) / len(steps) < 0.32
    assert [Chance(Faults(late=1), 3).lateness() for _ in range(2)] == [Chance(Faults(late=1), 3).lateness()] * 2


def test_a_fault_that_is_not_known_is_refused():
    assert read_faults("late=0.5,silent=0.1") == Faults(late=0.5, silent=0.1)
    with pytest.raises(ValueError, match="the simulated provider knows"):
        read_faults("rude=1")
