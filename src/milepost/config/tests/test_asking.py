"""The worker asks carriers without waiting for them: opt-in by the environment, and from the question to the delivered order."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import pytest

from milepost.config.asking import Asking
from milepost.config.pollers import pollers
from milepost.ground.arrivals import commands as arrivals
from milepost.ground.arrivals import ports as arrivals_ports
from milepost.ground.arrivals.ports import REPAIR_BY_IT, Source
from milepost.kernel.acts import Act
from milepost.plugs.carriers.simulated import SimulatedCarrier, simulated
from milepost.way.orders import queries as orders
from milepost.way.tracking import asking as queries
from milepost.way.tracking import commands, ports
from milepost.way.tracking.polling import Asked, Polled
from milepost.way.tracking.tests.parcels import hour, progress, shipped
from milepost.way.tracking.words import Stage
from tests import cast

pytestmark = pytest.mark.django_db


@dataclass
class Slow:
    """A carrier that thinks until it is let go."""

    inner: SimulatedCarrier
    go: Event = field(default_factory=Event)
    name: str = "simulated"
    carriers: Sequence[str] = ("dhl",)
    at_once: int = 20

    def poll(self, asked: Sequence[Asked], now: datetime) -> Polled:
        self.go.wait(5)
        return self.inner.poll(asked, now)


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> SimulatedCarrier:
    """DHL is played."""
    carrier = SimulatedCarrier(carriers=("dhl",))
    monkeypatch.setattr(ports, "_pollers", {carrier.name: carrier})
    monkeypatch.setitem(ports._sources, carrier.name, simulated())
    monkeypatch.setitem(arrivals_ports._sources, carrier.name, Source(commands.read_raw, REPAIR_BY_IT))
    return carrier


@pytest.fixture
def asking() -> Iterator[Asking]:
    """The worker's errand."""
    errand = Asking()
    yield errand
    if errand.pool is not None:
        errand.pool.shutdown(wait=True)


def wait_for(errand: Asking) -> None:
    deadline = time.monotonic() + 5
    while not all(call.done() for call in errand.calls) and time.monotonic() < deadline:
        time.sleep(0.005)


def work_on(errand: Asking, now: datetime) -> None:
    """One round of the worker: ask, note, and read from the store."""
    errand.work(now)
    wait_for(errand)
    errand.work(now)
    arrivals.process_due(act=Act.now("system:arrivals", channel="worker", now=now))


@pytest.mark.clause("TRK-2")
def test_from_the_question_to_the_delivered_order(played: SimulatedCarrier, asking: Asking) -> None:
    (parcel,) = shipped(carrier="DHL", numbers=("00340434161094042557",))
    stages = []
    for hours in range(0, 24 * 5, 1):
        work_on(asking, hour(hours))
        stages.append(progress(parcel).stage)
    assert list(dict.fromkeys(stages))[-1] is Stage.DELIVERED
    assert Stage.OUT_FOR_DELIVERY in stages
    assert orders.states([parcel.order_id])[parcel.order_id] == "delivered"


def test_a_played_carrier_whose_days_are_minutes_is_asked_as_often_as_that_takes(
    monkeypatch: pytest.MonkeyPatch, played: SimulatedCarrier, asking: Asking
) -> None:
    hurried = SimulatedCarrier(carriers=("dhl",), pace=timedelta(minutes=2))
    monkeypatch.setattr(ports, "_pollers", {hurried.name: hurried})
    (parcel,) = shipped(carrier="DHL", numbers=("00340434161094042557",))
    for seconds in range(0, 480, 5):
        work_on(asking, hour(0) + timedelta(seconds=seconds))
    assert progress(parcel).stage is Stage.DELIVERED


def test_while_a_carrier_thinks_the_worker_goes_on_and_asks_nothing_twice(
    played: SimulatedCarrier, asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow(played)
    monkeypatch.setattr(ports, "_pollers", {slow.name: slow})
    shipped(3, carrier="DHL", numbers=("A0001", "A0002", "A0003"))
    began = time.monotonic()
    assert asking.work(hour(5)) == 3
    assert asking.work(hour(5.2)) == 0
    assert (time.monotonic() - began < 2, len(asking.calls)) == (True, 1)
    slow.go.set()
    wait_for(asking)
    assert asking.work(hour(5.2)) == 1
    assert asking.calls == {}


@pytest.mark.clause("OPS-1")
def test_an_error_of_ours_while_asking_stops_nobody_and_is_tried_again(
    played: SimulatedCarrier, asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(Slow):
        def poll(self, asked: Sequence[Asked], now: datetime) -> Polled:
            raise ZeroDivisionError

    broken = Broken(played)
    monkeypatch.setattr(ports, "_pollers", {broken.name: broken})
    shipped(carrier="DHL", numbers=("A0001",))
    work_on(asking, hour(5))
    (card,) = queries.pollers()
    assert (card.failures, card.says, asking.calls) == (1, "Asking failed (ZeroDivisionError).", {})
    monkeypatch.setattr(ports, "_pollers", {played.name: played})
    work_on(asking, hour(6))
    assert queries.pollers()[0].failures == 0


def test_where_nobody_is_asked_the_errand_touches_nothing(
    monkeypatch: pytest.MonkeyPatch, asking: Asking, django_assert_num_queries: Callable[[int], Any]
) -> None:
    monkeypatch.setattr(ports, "_pollers", {})
    with django_assert_num_queries(0):
        assert asking.work(cast.MONDAY) == 0
    assert asking.pool is None


def test_by_default_nobody_is_asked() -> None:
    assert list(pollers()) == []


def test_each_carrier_is_asked_where_its_credentials_are_set(settings: Any) -> None:
    settings.UPS_CLIENT = settings.FEDEX_CLIENT = settings.USPS_CLIENT = settings.DHL_EXPRESS_LOGIN = ("id", "secret")
    settings.DHL_API_KEY, settings.UPS_URL = "key", "https://wwwcie.ups.com"
    settings.SIMULATED_CARRIERS, settings.SIMULATED_DAY_MINUTES = ["own"], 5
    found = {poller.name: poller for poller in pollers()}
    assert set(found) == {"ups", "fedex", "usps", "dhl", "dhl_express", "simulated"}
    assert all(name in ports.names() for name in found)
    assert found["ups"].url == "https://wwwcie.ups.com"  # type: ignore[attr-defined]
    assert found["simulated"].pace == timedelta(minutes=5)  # type: ignore[attr-defined]
    settings.UPS_CLIENT = ("id", "")
    assert "ups" not in {poller.name for poller in pollers()}
