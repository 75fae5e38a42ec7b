"""The raw store: kept byte for byte, checked, worked on later, and again when what was wrong is put right."""

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from milepost.ground.arrivals import commands as arrivals
from milepost.ground.arrivals import ports as arrivals_ports
from milepost.ground.arrivals import queries as store
from milepost.ground.arrivals.ports import REPAIR_BY_IT, Source
from milepost.ground.arrivals.words import Worked
from milepost.kernel.refusals import Refusal, Refused
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment.words import Shipping
from milepost.way.tracking import commands, ports, queries
from milepost.way.tracking.models import TrackingEvent
from milepost.way.tracking.tests.parcels import hour, progress, shipped
from milepost.way.tracking.words import EventDraft, Kind, Reached, Reading, Stage
from tests import cast

pytestmark = pytest.mark.django_db
NOW = replace(cast.SHOP, channel="webhook", at=hour(50), recorded_at=hour(50))
NONSENSE = Refusal(code="nonsense", says="This is no message.")
FORGED = Refusal(code="bad_signature", says="The signature does not fit.", status=401)


class Pigeon:
    """A carrier that signs with a word and says number, kind and hour."""

    name = "pigeon"

    def check(self, headers: Mapping[str, str], body: bytes) -> Refusal | None:
        return None if headers.get("X-Word") == "coo" else FORGED

    def read(self, body: bytes) -> Reading:
        try:
            said = json.loads(body)
        except ValueError:
            return Reading(refusal=NONSENSE)
        return Reading(
            events=tuple(
                EventDraft(kind=Kind(kind), happened_at=hour(hours), tracking_number=said["number"])
                for kind, hours in said["events"]
            )
        )


@pytest.fixture(autouse=True)
def _pigeons(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ports._sources, "pigeon", Pigeon())
    monkeypatch.setitem(arrivals_ports._sources, "pigeon", Source(commands.read_raw, REPAIR_BY_IT))


def work(limit: int = 500) -> Worked:
    return arrivals.process_due(act=NOW, limit=limit)


def events() -> int:
    return TrackingEvent.objects.count()


def send(body: bytes, word: str = "coo") -> Refusal | None:
    headers = {"X-Word": word, "Authorization": "Bearer hidden"}
    return commands.receive_raw("pigeon", headers=headers, body=body, act=NOW).refusal


def message(number: str, *events: tuple[str, float]) -> bytes:
    return json.dumps({"number": number, "events": events}).encode()


@pytest.mark.clause("TRK-2")
def test_what_a_carrier_sends_is_kept_first_and_worked_on_from_the_store() -> None:
    (parcel,) = shipped()
    body = message(parcel.tracking_number, ("picked_up", 2))
    assert send(body) is None
    assert progress(parcel).stage is Stage.SHIPPED
    assert (work(), events()) == (Worked(processed=1), 1)
    assert progress(parcel).stage is Stage.IN_TRANSIT
    (kept,) = store.arrivals()
    assert (kept.state, kept.about, kept.attempts) == ("processed", parcel.tracking_number, 1)
    original = store.original(kept.id)
    assert (original.headers, original.body) == ({"X-Word": "coo"}, body)


@pytest.mark.clause("OPS-1")
def test_a_forged_delivery_is_refused_kept_as_evidence_and_never_worked_on() -> None:
    (parcel,) = shipped()
    refusal = send(message(parcel.tracking_number, ("delivered", 2)), word="caw")
    assert refusal == FORGED
    assert work() == Worked()
    (kept,) = store.arrivals(state="forged")
    arrivals.retry(ids=[kept.id], act=NOW)
    assert progress(parcel).reached is Reached.SHIPPED
    assert store.counts() == {"forged": 1}


def test_a_replayed_delivery_changes_nothing() -> None:
    (parcel,) = shipped()
    for _ in range(3):
        send(message(parcel.tracking_number, ("picked_up", 2)))
    assert (work(), events()) == (Worked(processed=3), 1)


def test_nonsense_stops_nobody_else_and_is_kept_with_its_reason() -> None:
    (parcel,) = shipped()
    send(b"\xff\x00 no")
    send(message(parcel.tracking_number, ("picked_up", 2)))
    assert (work(), events()) == (Worked(processed=1, refused=1), 1)
    (kept,) = store.arrivals(state="refused")
    assert (kept.code, kept.error) == ("nonsense", "This is no message.")


def test_one_impossible_scan_does_not_lose_the_others() -> None:
    (parcel,) = shipped()
    send(message(parcel.tracking_number, ("picked_up", 2), ("delivered", 5000)))
    assert (work(), events()) == (Worked(refused=1), 1)
    assert progress(parcel).stage is Stage.IN_TRANSIT
    assert store.arrivals(state="refused")[0].code == "in_the_future"


def test_news_of_a_parcel_that_is_handed_over_later_waits_for_it() -> None:
    cast.stocked()
    (order_id,) = cast.ordered()
    send(message("1Z-999", ("picked_up", 1), ("in_transit", 3)))
    assert work() == Worked(waiting=1)
    fulfilment.ship([Shipping(order_id=order_id, carrier="ups", tracking_numbers=("1z999",))], act=cast.OMAR)
    assert work() == Worked(processed=1)
    (standing,) = queries.progress([order_id])[order_id]
    assert standing.stage is Stage.IN_TRANSIT
    assert store.counts() == {}


def test_an_unknown_source_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        commands.receive_raw("stork", headers={}, body=b"", act=NOW)
    assert caught.value.status == 404


def test_hundreds_of_deliveries_are_worked_on_in_one_batch() -> None:
    parcels = shipped(40)
    for parcel in parcels:
        send(message(parcel.tracking_number, ("picked_up", 2), ("delivered", 30)))
    assert work(limit=30).processed == 30
    assert (work(), events()) == (Worked(processed=10), 80)
    assert {progress(parcel).reached for parcel in parcels} == {Reached.DELIVERED}
