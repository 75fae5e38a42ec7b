"""What peers send is kept first, worked on once, and again after a repair."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError

from milepost.ground.arrivals import commands, ports, queries
from milepost.ground.arrivals.models import Arrival
from milepost.ground.arrivals.words import AnswerDraft, ArrivalCard, Kept, Outcome, State, Worked
from milepost.ground.duties.models import Duty
from milepost.ground.parties import commands as parties
from milepost.ground.parties.models import Customer
from milepost.ground.parties.words import CustomerDraft
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal, Refused
from tests import cast

pytestmark = pytest.mark.django_db
ACT = cast.SHOP
REPAIRS = ("repair_arrival", "it_repair")
FORGED = Refusal(code="bad_signature", says="The signature does not fit the body.", status=401)
NONSENSE = Refusal(code="nonsense", says="This says nothing.", do="Ask the sender.")


class Pigeon:
    """A peer whose messages are single words; each name registers a customer, some words mean trouble."""

    def __init__(self) -> None:
        self.broken = True
        self.seen: list[list[bytes]] = []

    def __call__(self, arrivals: Sequence[ArrivalCard], act: Act) -> Sequence[Outcome]:
        self.seen.append([one.body for one in arrivals])
        return [self._one(one, act) for one in arrivals]

    def _one(self, one: ArrivalCard, act: Act) -> Outcome:
        if one.body == b"nonsense" and self.broken:
            raise Refused(NONSENSE)
        parties.register([CustomerDraft(external_ref=one.body.decode())], act=act)
        if one.body == b"bomb" and self.broken:
            raise ZeroDivisionError
        if one.body.startswith(b"later") and self.broken:
            return Outcome(state=State.WAITING, code="not_yet", sentence="Not yet.", about=one.body.decode())
        return Outcome(state=State.PROCESSED, about=one.body.decode(), order_id=7)


@pytest.fixture(autouse=True)
def pigeon() -> Iterator[Pigeon]:
    handler = Pigeon()
    ports.handle("pigeon", handler)
    yield handler
    ports._sources.pop("pigeon")


def keep(body: bytes, **said: Any) -> Kept:
    usual = {
        "sender": "loft",
        "content_type": "text/plain",
        "headers": {"X-Ring": "7", "Authorization": "Bearer secret"},
    }
    return commands.keep("pigeon", body=body, act=ACT, **(usual | said))


def states() -> dict[bytes, tuple[str, str]]:
    return {bytes(row.body): (row.state, row.code) for row in Arrival.objects.all()}


def open_duties() -> set[tuple[str, str]]:
    return {(duty.kind, duty.subject_id) for duty in Duty.objects.filter(closed_at=None, kind__in=REPAIRS)}


@pytest.mark.clause("REC-1")
def test_what_is_sent_is_kept_byte_for_byte_without_secrets_and_then_worked_on(pigeon: Pigeon) -> None:
    kept = keep("Änne".encode())
    original = queries.original(kept.id)
    assert (original.body, original.headers, original.content_type) == ("Änne".encode(), {"X-Ring": "7"}, "text/plain")
    assert pigeon.seen == []
    assert commands.process_due(act=ACT) == Worked(processed=1)
    row = queries.arrival(kept.id)
    assert (row.state, row.about, row.order_id, row.attempts) == ("processed", "Änne", 7, 1)
    assert [one.id for one in queries.of_order(7)] == [kept.id]
    assert commands.process_due(act=ACT) == Worked()


def test_the_oldest_are_worked_on_first_and_no_more_than_asked(pigeon: Pigeon) -> None:
    for word in (b"one", b"two", b"three"):
        keep(word)
    assert commands.process_due(act=ACT, limit=2) == Worked(processed=2)
    assert pigeon.seen == [[b"one", b"two"]]


def test_a_repeated_delivery_is_kept_once_and_answered_as_before() -> None:
    first = keep(b"Ada", delivery_id="d-1")
    again = keep(b"Ada", delivery_id="d-1")
    assert (again.id, again.repeated, first.repeated) == (first.id, True, False)
    assert keep(b"Ada", delivery_id="d-2").id != first.id
    assert keep(b"Ada").id != keep(b"Ada").id
    assert Arrival.objects.count() == 4


def test_a_delivery_id_of_any_length_and_letters_is_told_apart() -> None:
    ids = {keep(b"x", delivery_id=name).id for name in ("é" * 300, "é" * 301, "a" * 300, "a" * 301, "nul\0")}
    assert len(ids) == 5
    assert keep(b"x", delivery_id="a" * 301).repeated


@pytest.mark.clause("OPS-1")
def test_a_forgery_is_kept_as_evidence_never_worked_on_and_takes_nobody_s_id(pigeon: Pigeon) -> None:
    forged = keep(b"Mallory", delivery_id="d-1", refusal=FORGED)
    assert forged.refusal == FORGED
    true = keep(b"Ada", delivery_id="d-1")
    assert not true.repeated
    assert keep(b"Mallory", delivery_id="d-1", refusal=FORGED).refusal == FORGED
    assert commands.process_due(act=ACT) == Worked(processed=1)
    assert commands.retry(ids=[forged.id], act=ACT) == Worked()
    assert pigeon.seen == [[b"Ada"]]
    assert queries.counts() == {"forged": 2}


def test_of_a_large_forgery_only_as_much_is_kept_as_serves_as_evidence() -> None:
    large = b"x" * 1_000_000
    forged, true = keep(large, refusal=FORGED), keep(large)
    assert (len(queries.original(forged.id).body), queries.arrival(forged.id).size) == (65_536, 1_000_000)
    assert queries.original(true.id).body == large


def test_forgeries_of_long_ago_are_forgotten_and_nothing_else_is() -> None:
    keep(b"Mallory", refusal=FORGED)
    kept = keep(b"Ada")
    assert commands.forget_forged(ACT.at) == 0
    assert commands.forget_forged(ACT.at + timedelta(seconds=1)) == 1
    assert [row.id for row in Arrival.objects.all()] == [kept.id]


def test_one_that_is_refused_leaves_nothing_behind_and_stops_nobody_else(pigeon: Pigeon) -> None:
    keep(b"Ada")
    refused = keep(b"nonsense")
    keep(b"Bruno")
    assert commands.process_due(act=ACT) == Worked(processed=2, refused=1)
    assert set(Customer.objects.values_list("external_ref", flat=True)) == {"Ada", "Bruno"}
    assert queries.arrival(refused.id).error == "This says nothing. Ask the sender."
    assert open_duties() == {("repair_arrival", str(refused.id))}


def test_one_that_makes_its_handler_fail_ends_with_a_duty_for_it_and_the_others_go_on(pigeon: Pigeon) -> None:
    keep(b"Ada")
    keep(b"bomb")
    keep(b"bomb")
    assert commands.process_due(act=ACT) == Worked(processed=1, refused=2)
    assert states()[b"bomb"] == ("refused", "crashed")
    assert set(Customer.objects.values_list("external_ref", flat=True)) == {"Ada"}
    assert open_duties() == {("it_repair", "pigeon:crashed")}


@pytest.mark.clause("OPS-1")
def test_what_was_refused_is_worked_on_again_after_the_repair_and_its_duty_ends(pigeon: Pigeon) -> None:
    kept = [keep(word) for word in (b"nonsense", b"bomb", b"bomb")]
    commands.process_due(act=ACT)
    assert commands.process_due(act=ACT) == Worked()
    pigeon.broken = False
    assert commands.retry(ids=[kept[0].id, kept[1].id], act=ACT) == Worked(processed=2)
    assert open_duties() == {("it_repair", "pigeon:crashed")}
    assert commands.retry(source="pigeon", act=ACT) == Worked(processed=1)
    assert open_duties() == set()
    assert {row.attempts for row in Arrival.objects.all()} == {2}


def test_a_retry_without_a_repair_ends_as_before(pigeon: Pigeon) -> None:
    keep(b"nonsense")
    commands.process_due(act=ACT)
    assert commands.retry(source="pigeon", act=ACT, limit=1) == Worked(refused=1)
    assert len(open_duties()) == 1


def test_what_waits_is_woken_when_it_has_come_and_only_that(pigeon: Pigeon) -> None:
    for word in (b"later 1", b"later 2"):
        keep(word)
    assert commands.process_due(act=ACT) == Worked(waiting=2)
    pigeon.broken = False
    commands.wake(["later 1", "later 3", ""], sources=["pigeon"], act=ACT)
    commands.wake(["later 2"], sources=["stork"], act=ACT)
    assert commands.process_due(act=ACT) == Worked(processed=1)
    assert states()[b"later 2"] == ("waiting", "not_yet")


def test_what_waits_is_looked_at_again_less_and_less_often() -> None:
    keep(b"later")
    commands.process_due(act=ACT)
    looks = []
    for minutes in range(0, 24 * 60, 10):
        act = replace(ACT, at=ACT.at + timedelta(minutes=minutes), recorded_at=ACT.at + timedelta(minutes=minutes))
        if commands.wake_those_who_wait(act=act):
            assert commands.process_due(act=act) == Worked(waiting=1)
            looks.append(minutes)
    assert looks == [30, 80, 170, 340, 670, 1320]


def test_when_the_database_is_busy_nothing_is_wrong_with_what_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(arrivals: Sequence[ArrivalCard], act: Act) -> Sequence[Outcome]:
        raise OperationalError("gone")

    keep(b"Ada")
    ports.handle("pigeon", busy)
    with pytest.raises(OperationalError):
        commands.process_due(act=ACT)
    assert states() == {b"Ada": ("received", "")}


def test_a_handler_that_forgets_one_is_a_failure(pigeon: Pigeon) -> None:
    ports.handle("pigeon", lambda arrivals, act: [])
    keep(b"Ada")
    assert commands.process_due(act=ACT) == Worked(refused=1)


def test_what_nobody_can_work_on_is_kept_for_it() -> None:
    commands.keep("stork", sender="", content_type="", headers={}, body=b"?", act=ACT)
    assert commands.process_due(act=ACT) == Worked(refused=1)
    assert open_duties() == {("it_repair", "stork:unknown_source")}


def test_what_the_door_could_not_read_is_refused_at_once_with_its_duty_and_can_be_retried(pigeon: Pigeon) -> None:
    kept = keep(b"Ada", refusal=NONSENSE, state=State.REFUSED)
    assert kept.refusal == NONSENSE
    assert open_duties() == {("repair_arrival", str(kept.id))}
    assert commands.process_due(act=ACT) == Worked()
    assert commands.retry(ids=[kept.id], act=ACT) == Worked(processed=1)
    assert open_duties() == set()


def test_a_person_settles_what_was_open_or_sets_it_aside_with_a_reason(pigeon: Pigeon) -> None:
    first, second = keep(b"nonsense"), keep(b"nonsense")
    commands.process_due(act=ACT)
    commands.settle({first.id: Outcome(state=State.PROCESSED, order_id=9)}, act=cast.OMAR)
    with pytest.raises(Refused, match="reason"):
        commands.set_aside([second.id], act=cast.OMAR)
    commands.set_aside([second.id], act=cast.OMAR.because("An advertisement"))
    with pytest.raises(Refused, match="nothing to be settled"):
        commands.set_aside([second.id], act=cast.OMAR.because("Again"))
    assert open_duties() == set()
    row = queries.arrival(second.id)
    assert (row.state, row.error, row.processed_by) == ("ignored", "An advertisement", "staff:2")
    assert queries.arrival(first.id).order_id == 9


def test_answers_are_kept_beside_what_they_answer_until_they_have_left() -> None:
    kept = keep(b"Ada")
    drafts = [
        AnswerDraft(
            arrival_id=kept.id, kind=kind, name=f"{kind}.edi", content_type="application/edi-x12", body=b"ISA*\xff"
        )
        for kind in ("997", "855")
    ]
    first, second = commands.keep_answers(drafts, act=ACT)
    assert [one.kind for one in queries.answers(kept.id)] == ["997", "855"]
    assert queries.unsent_answers(kind="855")[0].body == b"ISA*\xff"
    commands.note_answers_sent([first], act=ACT)
    assert [one.id for one in queries.unsent_answers()] == [second]
    assert queries.answers(kept.id)[0].sent_at == ACT.recorded_at


def test_keeping_is_one_statement_and_working_takes_no_more_for_many(
    django_assert_num_queries: Callable[..., Any], django_assert_max_num_queries: Callable[..., Any]
) -> None:
    ports.handle("pigeon", lambda arrivals, act: [Outcome(state=State.PROCESSED)] * len(arrivals))
    with django_assert_num_queries(1):
        keep(b"Ada", delivery_id="d-1")
    for _ in range(40):
        keep(b"Ada")
    with django_assert_max_num_queries(6):
        assert commands.process_due(act=ACT) == Worked(processed=41)


def test_the_list_is_paged_by_id_and_narrowed_by_source_and_state() -> None:
    ids = [keep(b"Ada").id for _ in range(3)]
    newest = queries.arrivals(limit=2)
    assert [row.id for row in newest] == [ids[2], ids[1]]
    assert [row.id for row in queries.arrivals(before=newest[-1].id)] == [ids[0]]
    assert queries.arrivals(source="stork") == queries.arrivals(state="refused") == []
    assert queries.counts(source="pigeon") == {"received": 3}
