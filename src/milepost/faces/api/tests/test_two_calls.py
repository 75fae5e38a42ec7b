"""Two calls about the same things at the same time: each is worked in several sets, and neither waits for the other in a ring."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from threading import Barrier, BrokenBarrierError, get_ident
from typing import Any

import pytest
from django.db import connection

from milepost.faces.api import batches
from milepost.faces.api.tests.conftest import Caller, an_order, furnish_shop, make_caller
from milepost.ground.journal import queries as journal
from milepost.overview.records import queries as records
from milepost.way.intake import commands as intake
from milepost.way.orders import queries as orders

pytestmark = pytest.mark.django_db(transaction=True)
LONG_AGO = datetime(2026, 3, 2, 9, tzinfo=UTC)


def day(number: int) -> str:
    """So many days after it all began."""
    return (LONG_AGO + timedelta(days=number)).isoformat()


@pytest.fixture
def shop() -> Caller:
    furnish_shop()
    return make_caller()


@contextmanager
def meeting_after_the_first_set() -> Iterator[None]:
    """Two calls wait for each other after their first sets; one that is kept waiting by the other's locks goes on alone."""
    met, first_done = Barrier(2), set()

    def and_meet(one_set: Callable[..., Any]) -> Callable[..., Any]:
        def do_and_meet(*args: Any, **kwargs: Any) -> Any:
            done = one_set(*args, **kwargs)
            if get_ident() not in first_done:
                first_done.add(get_ident())
                with suppress(BrokenBarrierError):
                    met.wait(timeout=0.5)
            return done

        return do_and_meet

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batches, "_try", and_meet(batches._try))
        patch.setattr(intake, "receive", and_meet(intake.receive))
        yield


def both(shop: Caller, path: str, *bodies: Any) -> list[int]:
    """The statuses of two calls that are made at the same time."""

    def call(body: Any) -> int:
        try:
            return int(shop.post(path, body).status_code)
        finally:
            connection.close()

    with meeting_after_the_first_set(), ThreadPoolExecutor(2) as pool:
        return list(pool.map(call, bodies))


def asked_for(*codes: str, **changes: Any) -> dict[str, Any]:
    return an_order(lines=[{"code": code, "quantity": 1} for code in codes], **changes)


def placed(shop: Caller, *lines: str, **changes: Any) -> str:
    answer = shop.post("orders", asked_for(*lines, occurred_at=day(0), **changes))
    assert answer.status_code == 201, answer.told
    return str(answer.told["reference"])


def test_orders_of_the_same_items_placed_at_many_instants(shop):
    def body(*codes: str) -> dict[str, Any]:
        return {"orders": [asked_for(code, occurred_at=day(n)) for n, code in enumerate(codes)]}

    assert both(shop, "orders/batch", body("TEA-100", "CUP-2"), body("CUP-2", "TEA-100")) == [200, 200]
    assert records.audit(datetime.now(UTC)) == []


def test_shipments_of_the_same_items_at_many_instants(shop):
    tea, cup, more_tea, more_cups = (placed(shop, code) for code in ("TEA-100", "CUP-2", "TEA-100", "CUP-2"))

    def body(first: str, second: str) -> dict[str, Any]:
        parts = ((first, 1), (second, 2))
        return {"shipments": [{"order": one, "carrier": "own", "occurred_at": day(n)} for one, n in parts]}

    assert both(shop, "shipments", body(tea, cup), body(more_cups, more_tea)) == [200, 200]
    stages = orders.states([orders.find(one) or 0 for one in (tea, cup, more_tea, more_cups)])
    assert set(stages.values()) == {"shipped"}
    assert records.audit(datetime.now(UTC)) == []


def test_ratings_of_the_same_orders_at_many_instants(shop):
    one, other = placed(shop, "TEA-100"), placed(shop, "CUP-2")

    def body(first: str, second: str) -> dict[str, Any]:
        parts = ((first, 1), (second, 2))
        return {"feedback": [{"order": name, "rating": 5, "occurred_at": day(n)} for name, n in parts]}

    assert both(shop, "feedback", body(one, other), body(other, one)) == [200, 200]
    assert [e.kind for e in journal.story(orders.find(one) or 0)].count("FeedbackGiven") == 2


def test_holds_of_the_same_orders_released_in_another_order(shop):
    one, other = (placed(shop, "TEA-100", payment={"pending": True}) for _ in range(2))

    def body(first: str, second: str) -> dict[str, Any]:
        parts = ((first, "paid"), (second, "seen"))
        return {"releases": [{"order": name, "kind": "payment", "outcome": outcome} for name, outcome in parts]}

    assert sorted(both(shop, "hold-releases", body(one, other), body(other, one))) == [200, 404]


def test_cancellations_of_orders_of_the_same_items_for_several_reasons(shop):
    tea, cup, more_tea, more_cups = (placed(shop, code) for code in ("TEA-100", "CUP-2", "TEA-100", "CUP-2"))

    def body(first: str, second: str) -> dict[str, Any]:
        return {"cancellations": [{"order": first, "reason_code": "x"}, {"order": second, "reason_code": "y"}]}

    assert both(shop, "cancellations", body(tea, cup), body(more_cups, more_tea)) == [200, 200]
    assert records.audit(datetime.now(UTC)) == []


@pytest.mark.parametrize("location", ["MAIN", "EAST"])
def test_stock_received_at_many_instants(shop, location):
    """Where the items lie already, and where none of them has lain before."""
    east = {"receipts": [{"code": "USD-1", "location": "EAST", "quantity": 1}]}
    assert shop.post("stock/receipts", east).status_code == 200

    def body(*codes: str) -> dict[str, Any]:
        return {
            "receipts": [
                {"code": code, "location": location, "quantity": 5, "occurred_at": day(n)}
                for n, code in enumerate(codes)
            ]
        }

    assert both(shop, "stock/receipts", body("TEA-100", "CUP-2"), body("CUP-2", "TEA-100")) == [200, 200]
    assert records.audit(datetime.now(UTC)) == []


def test_acceptances_of_the_same_orders_at_many_instants(shop):
    one, other = placed(shop, "TEA-100"), placed(shop, "CUP-2")
    for name in (one, other):
        shop.post("shipments", {"shipments": [{"order": name, "carrier": "own", "occurred_at": day(1)}]})
        event = {"order": name, "code": "delivered", "happened_at": day(2)}
        assert shop.post("tracking/events", {"events": [event]}).status_code == 200

    def body(first: str, second: str) -> dict[str, Any]:
        return {"acceptances": [{"order": name, "occurred_at": day(n)} for n, name in ((3, first), (4, second))]}

    assert both(shop, "acceptances", body(one, other), body(other, one)) == [200, 200]
    assert set(orders.states([orders.find(one) or 0, orders.find(other) or 0]).values()) == {"completed"}


def test_the_entries_of_a_call_in_sets_are_written_once_in_the_order_of_the_sets(shop):
    order = placed(shop, "TEA-100", "CUP-2")
    boxes = [
        {"order": order, "carrier": "own", "lines": [{"position": place, "quantity": 1}], "occurred_at": day(place)}
        for place in (1, 2)
    ]
    assert shop.post("shipments", {"shipments": boxes}).status_code == 200
    story = journal.story(orders.find(order) or 0)
    assert [entry.sequence for entry in story] == list(range(1, len(story) + 1))
    assert [entry.occurred_at.isoformat() for entry in story if entry.kind == "ShipmentShipped"] == [day(1), day(2)]


def test_a_call_of_which_one_set_is_refused_leaves_nothing_in_the_journal(shop):
    order = placed(shop, "TEA-100")
    before = len(journal.story(orders.find(order) or 0))
    boxes = [{"order": order, "carrier": "own", "occurred_at": day(n)} for n in (1, 2)]
    answer = shop.post("shipments", {"shipments": boxes})
    assert (answer.status_code, answer.told["errors"][0]["index"]) == (409, 1)
    assert len(journal.story(orders.find(order) or 0)) == before
