"""Carriers are asked about parcels: taken once, kept byte for byte, read from the store, asked again at the right time."""

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from milepost.ground.arrivals import commands as arrivals
from milepost.ground.arrivals import ports as arrivals_ports
from milepost.ground.arrivals import queries as store
from milepost.ground.arrivals.ports import REPAIR_BY_IT, Source
from milepost.ground.duties import queries as duties
from milepost.kernel.acts import Act
from milepost.plugs.carriers.simulated import SimulatedCarrier, simulated
from milepost.plugs.carriers.usps import Usps
from milepost.way.fulfilment.words import ParcelCard
from milepost.way.tracking import asking, commands, ports
from milepost.way.tracking.models import Poll, PollerSpent, TrackingEvent
from milepost.way.tracking.polling import Asked, Polled, Verdict
from milepost.way.tracking.tests.parcels import hour, progress, shipped
from milepost.way.tracking.words import Stage
from tests import cast

pytestmark = pytest.mark.django_db


@dataclass
class Pigeons:
    """A carrier that answers what it was told to, in USPS's form."""

    answers: list[Polled | dict[str, Any]] = field(default_factory=list)
    name: str = "usps"
    carriers: Sequence[str] = ("usps",)
    at_once: int = 2
    asked: list[tuple[str, ...]] = field(default_factory=list)

    def poll(self, asked: Sequence[Asked], now: datetime) -> Polled:
        numbers = tuple(one.number for one in asked)
        self.asked.append(numbers)
        said = self.answers.pop(0) if self.answers else {}
        if isinstance(said, Polled):
            return replace(said, numbers=numbers)
        events = [{"trackingNumber": n, "trackingEvents": said.get(n, [])} for n in numbers]
        return Polled(numbers=numbers, verdict=Verdict.ANSWERED, status=200, body=json.dumps(events).encode())


def scan(code: str, hours: float) -> dict[str, str]:
    return {"eventCode": code, "GMTTimestamp": hour(hours).isoformat().replace("+00:00", "Z")}


def failed(verdict: Verdict, **more: Any) -> Polled:
    return Polled(numbers=(), verdict=verdict, status=503, says="It answers 503.", **more)


@pytest.fixture
def pigeons(monkeypatch: pytest.MonkeyPatch) -> Pigeons:
    """The carrier, asked and read."""
    found = Pigeons()
    monkeypatch.setattr(ports, "_pollers", {"usps": found})
    monkeypatch.setitem(ports._sources, "usps", Usps())
    monkeypatch.setitem(arrivals_ports._sources, "usps", Source(commands.read_raw, REPAIR_BY_IT))
    return found


def at(hours: float) -> Act:
    return Act.now("system:asking", channel="worker", now=hour(hours))


def ask(pigeons: Pigeons, hours: float) -> list[tuple[str, ...]]:
    """Ask about all that is due; the numbers of each call."""
    pigeons.asked = []
    for taken in commands.take_due("usps", act=at(hours)):
        commands.note_answer(taken, pigeons.poll(taken.asked, hour(hours)), act=at(hours))
    arrivals.process_due(act=at(hours))
    return pigeons.asked


def parcels(count: int = 1) -> list[ParcelCard]:
    return shipped(count, carrier="USPS", numbers=tuple(f"9400{place}" for place in range(count)))


def poll(parcel: ParcelCard) -> Poll:
    return Poll.objects.get(parcel_id=parcel.id)


@pytest.mark.clause("TRK-2")
def test_a_parcel_handed_over_is_asked_about_and_what_is_answered_is_kept_and_read_from_the_store(
    pigeons: Pigeons,
) -> None:
    (parcel,) = parcels()
    pigeons.answers = [{"94000": [scan("03", 1), scan("OF", 2)]}]
    assert ask(pigeons, 3) == [("94000",)]
    assert progress(parcel).stage is Stage.OUT_FOR_DELIVERY
    (kept,) = store.arrivals()
    assert (kept.source, kept.state, kept.about, kept.topic) == ("usps", "processed", "94000", "polled")
    original = store.original(kept.id)
    assert original is not None
    assert original.headers == {"X-Milepost-Asked-For": "94000"}
    assert json.loads(original.body)[0]["trackingNumber"] == "94000"


def test_the_same_answer_again_is_not_kept_again_and_changes_nothing(pigeons: Pigeons) -> None:
    parcels()
    pigeons.answers = [{"94000": [scan("03", 1)]}] * 3
    for hours in (2, 12, 22):
        ask(pigeons, hours)
    assert (len(store.arrivals()), TrackingEvent.objects.count()) == (1, 1)
    ask(pigeons, 32)
    assert len(store.arrivals()) == 2


def test_nobody_is_asked_about_other_carriers_parcels_nor_without_a_number(pigeons: Pigeons) -> None:
    (own,) = shipped()
    assert (poll(own).poller, poll(own).next_poll_at) == ("", None)
    assert ask(pigeons, 3) == []


def test_without_credentials_nothing_is_written_and_nobody_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "_pollers", {})
    parcels()
    assert not Poll.objects.exists()
    with CaptureQueriesContext(connection) as queries:
        assert commands.catch_up(act=at(1)) == 0
        commands.keep_pace([1], act=at(1))
    assert len(queries) == 0


def test_parcels_of_before_there_were_credentials_are_taken_in_later(
    pigeons: Pigeons, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports, "_pollers", {})
    parcels(3)
    other = Pigeons(name="dhl", carriers=("dhl",))
    monkeypatch.setattr(ports, "_pollers", {"dhl": other})
    assert [commands.catch_up(act=at(1)) for _ in range(2)] == [3, 0]
    assert set(Poll.objects.values_list("poller", flat=True)) == {""}
    monkeypatch.setattr(ports, "_pollers", {"usps": pigeons})
    assert [commands.catch_up(act=at(2)) for _ in range(2)] == [3, 0]
    assert sorted(ask(pigeons, 3)) == [("94000", "94001")]
    assert sorted(ask(pigeons, 3)) == [("94002",)]


def test_a_parcel_is_taken_by_one_worker_only_until_it_is_noted_or_the_lease_is_over(pigeons: Pigeons) -> None:
    parcels()
    assert len(commands.take_due("usps", act=at(1))) == 1
    assert commands.take_due("usps", act=at(1.1)) == []
    (again,) = commands.take_due("usps", act=at(1.2))
    assert [one.number for one in again.asked] == ["94000"]


@pytest.mark.clause("FUP-1")
def test_the_next_look_follows_the_stage_and_a_new_stage_hastens_it(pigeons: Pigeons) -> None:
    (parcel,) = parcels()
    pigeons.answers = [{"94000": [scan("03", 1)]}, {"94000": [scan("03", 1), scan("OF", 6)]}]
    ask(pigeons, 2)
    assert poll(parcel).next_poll_at == hour(2) + timedelta(hours=3)  # in transit, as was read right after the answer
    ask(pigeons, 5.1)
    assert progress(parcel).stage is Stage.OUT_FOR_DELIVERY
    assert poll(parcel).next_poll_at == hour(5.1) + timedelta(minutes=30)


def test_a_delivered_parcel_is_asked_about_once_more_a_day_later_and_then_never(pigeons: Pigeons) -> None:
    (parcel,) = parcels()
    story = {"94000": [scan("03", 1), scan("01", 5)]}
    pigeons.answers = [story, story, story]
    ask(pigeons, 6)
    assert poll(parcel).next_poll_at == hour(5) + timedelta(hours=24)
    assert ask(pigeons, 28) == []
    assert ask(pigeons, 40) == [("94000",)]
    assert poll(parcel).next_poll_at is None
    assert ask(pigeons, 400) == []


@pytest.mark.clause("TRK-2")
def test_a_number_that_is_not_found_is_no_event_and_is_asked_about_less_often(pigeons: Pigeons) -> None:
    (parcel,) = parcels()
    pigeons.answers = [Polled(numbers=(), verdict=Verdict.NOT_FOUND, status=404), {"94000": []}]
    ask(pigeons, 1)
    assert (store.arrivals(), TrackingEvent.objects.count(), progress(parcel).stage) == ([], 0, Stage.SHIPPED)
    assert (poll(parcel).unanswered, poll(parcel).next_poll_at) == (1, hour(1) + timedelta(hours=4))
    ask(pigeons, 6)
    assert [row.state for row in store.arrivals()] == ["ignored"]
    assert poll(parcel).unanswered == 0


def test_a_carrier_that_is_away_is_left_alone_and_asked_again_about_the_same(pigeons: Pigeons) -> None:
    (parcel,) = parcels()
    pigeons.answers = [failed(Verdict.AWAY), failed(Verdict.TOO_OFTEN, retry_after=timedelta(minutes=30))]
    ask(pigeons, 1)
    assert poll(parcel).polled_at is None
    assert ask(pigeons, 1 + 0.5 / 60) == []
    assert ask(pigeons, 1 + 1.5 / 60) == [("94000",)]
    (card,) = asking.pollers()
    assert (card.failures, card.closed_until) == (2, hour(1 + 31.5 / 60))
    assert ask(pigeons, 1.5) == []
    assert ask(pigeons, 2) == [("94000",)]
    assert asking.pollers()[0].failures == 0


def alarms() -> list[Any]:
    return [card for card in duties.open_duties(["it_support"]) if card.subject_kind == "carrier_poller"]


@pytest.mark.clause("OPS-1")
def test_a_carrier_that_fails_again_and_again_is_it_s_duty_until_it_answers(pigeons: Pigeons) -> None:
    parcels()
    pigeons.answers = [failed(Verdict.AWAY)] * 6
    for day in range(4):
        ask(pigeons, 24 * day + 1)
    assert alarms() == []
    for day in (4, 5):
        ask(pigeons, 24 * day + 1)
    (duty,) = alarms()
    assert "usps cannot be asked about parcels" in duty.says
    ask(pigeons, 24 * 6 + 1)
    assert alarms() == []


def test_credentials_that_are_not_taken_are_it_s_duty_at_once(pigeons: Pigeons) -> None:
    parcels()
    pigeons.answers = [failed(Verdict.LOCKED_OUT)]
    ask(pigeons, 1)
    assert len(alarms()) == 1


def test_an_answer_that_is_nonsense_is_kept_and_refused_for_it_to_see(pigeons: Pigeons) -> None:
    (parcel,) = parcels()
    pigeons.answers = [Polled(numbers=(), verdict=Verdict.ANSWERED, status=200, body=b"<html>Sorry</html>")]
    ask(pigeons, 1)
    (kept,) = store.arrivals(state="refused")
    assert (kept.code, kept.about) == ("not_json", "94000")
    assert poll(parcel).next_poll_at == hour(1) + timedelta(hours=4)


def test_a_budget_is_kept_over_all_calls_and_renewed_with_the_hour(pigeons: Pigeons) -> None:
    parcels(3)
    pigeons.at_once = 1
    PollerSpent.objects.create(name="usps", hour=hour(1), day=hour(1).replace(hour=0), in_hour=59, in_day=59)
    assert len(ask(pigeons, 1)) == 1
    assert ask(pigeons, 1.2) == []
    assert len(ask(pigeons, 2)) == 1
    (card,) = asking.pollers()
    assert (card.in_hour, card.in_day) == (1, 61)


def test_those_that_are_most_overdue_for_their_stage_go_first(pigeons: Pigeons) -> None:
    first, second = parcels(2)
    pigeons.at_once = 1
    Poll.objects.filter(parcel_id=first.id).update(next_poll_at=hour(0), every_seconds=86_400)
    Poll.objects.filter(parcel_id=second.id).update(next_poll_at=hour(1), every_seconds=1800)
    assert ask(pigeons, 2) == [("94001",)]


def test_asking_about_many_takes_as_many_statements_as_about_few(pigeons: Pigeons) -> None:
    counts = []
    pigeons.at_once = 30
    for many in (2, 20):
        cards = shipped(many, carrier="USPS", numbers=tuple(f"94{many:03}{place}" for place in range(many)))
        with CaptureQueriesContext(connection) as queries:
            for taken in commands.take_due("usps", act=at(1)):
                commands.note_answer(taken, pigeons.poll(taken.asked, hour(1)), act=at(1))
        counts.append(len(queries))
        assert Poll.objects.filter(parcel_id__in=[card.id for card in cards], polled_at__isnull=False).count() == many
    assert counts[1] <= counts[0]


def test_what_is_due_is_found_by_an_index(pigeons: Pigeons) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT parcel_id FROM tracking_poll WHERE poller = 'usps' AND next_poll_at <= now()")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "tracking_poll_due" in plan


def test_a_played_carrier_tells_the_same_story_whenever_it_is_asked() -> None:
    carrier = SimulatedCarrier(carriers=("dhl",))
    asked = [Asked(number=str(place), shipped_at=cast.MONDAY) for place in range(60)]
    told = [carrier.poll(asked, hour(hours)) for hours in (0, 30, 200)]
    assert told == [SimulatedCarrier(carriers=("dhl",)).poll(asked, hour(hours)) for hours in (0, 30, 200)]
    early, later, last = (simulated().read(polled.body).events for polled in told)
    assert (len(early), set(early) < set(later) < set(last)) == (0, True)
    ends = {events[-1].kind.value for events in ([e for e in last if e.tracking_number == a.number] for a in asked)}
    assert ends == {"delivered", "delivered_neighbour", "collected"}


@pytest.mark.django_db(transaction=True)
def test_workers_that_ask_at_the_same_time_share_the_parcels_and_one_budget(pigeons: Pigeons) -> None:
    parcels(30)
    pigeons.at_once = 1
    PollerSpent.objects.create(name="usps", hour=hour(1), day=hour(1).replace(hour=0), in_hour=40, in_day=40)
    taken: list[str] = []

    def work() -> None:
        for _ in range(40):
            taken.extend(one.number for call in commands.take_due("usps", act=at(1)) for one in call.asked)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(taken), len(set(taken))) == (20, 20)
    assert PollerSpent.objects.get(name="usps").in_hour == 60
