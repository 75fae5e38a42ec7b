"""After placing: items, stock, holds, cancellations, shipments, events, acceptance, feedback."""

from datetime import UTC, datetime, timedelta

import pytest

from milepost.faces.api.tests.conftest import an_order
from milepost.way.intake.numbers import references
from milepost.way.orders import queries as orders
from milepost.way.orders.models import Hold, Order
from milepost.way.tracking import queries as tracking

pytestmark = pytest.mark.django_db


def place(shop, **changes):
    return shop.post("orders", an_order(**changes)).told["reference"]


def ago(**past):
    return (datetime.now(UTC) - timedelta(**past)).isoformat()


def codes(answer):
    return [(error["index"], error["code"]) for error in answer.told["errors"]]


def test_items_are_listed_and_replaced(shop):
    item = {"code": "POT", "name": "Pot", "price": "30.00", "currency": "EUR"}
    assert shop.post("items", {"items": [item]}).told == {"listed": 1}
    assert shop.post("items", {"items": [item | {"price": "31.00"}]}).told == {"listed": 1}
    assert shop.post("orders", an_order(lines=[{"code": "POT", "quantity": 1}])).told["total"] == "31.00"


def test_an_item_that_stands_twice_in_a_list_is_refused_with_its_place(shop):
    item = {"code": "POT", "name": "Pot", "price": "30.00", "currency": "EUR"}
    answer = shop.post("items", {"items": [item, item]})
    assert (answer.status_code, codes(answer)) == (422, [(1, "listed_twice")])


def test_stock_of_an_unknown_item_is_refused_with_its_place(shop):
    receipt = {"code": "TEA-100", "location": "MAIN", "quantity": 1}
    answer = shop.post("stock/receipts", {"receipts": [receipt, receipt | {"code": "NOPE"}]})
    assert (answer.status_code, codes(answer)) == (422, [(1, "unknown_item")])


def test_more_stock_than_a_record_holds_is_refused_not_failed(shop):
    receipts = [{"code": "TEA-100", "location": "MAIN", "quantity": 10_000_000}] * 1000
    answers = [shop.post("stock/receipts", {"receipts": receipts}) for _ in range(11)]
    assert answers[-1].status_code == 422
    assert codes(answers[-1]) == [(None, "unfit_value")]


@pytest.mark.clause("VER-3")
def test_releasing_the_last_hold_confirms_the_order(shop):
    order = place(shop, payment={"pending": True})
    release = {"order": order, "kind": "payment", "outcome": "paid by transfer"}
    told = shop.post("hold-releases", {"releases": [release]}).told
    assert told["orders"] == [{"order": order, "reference": order, "state": "confirmed"}]
    assert Hold.objects.get().outcome == "paid by transfer"


def test_releases_are_all_or_none_and_point_at_the_one_that_cannot_be(shop):
    held, free = place(shop, payment={"pending": True}), place(shop)
    releases = [{"order": order, "kind": "payment", "outcome": "paid"} for order in (held, free)]
    answer = shop.post("hold-releases", {"releases": releases})
    assert (answer.status_code, codes(answer)) == (404, [(1, "no_such_hold")])
    assert Order.objects.get(reference=held).state == "received"


def test_cancelling_frees_the_stock(shop):
    order = place(shop)
    told = shop.post("cancellations", {"cancellations": [{"order": order, "reason_code": "customer_request"}]}).told
    assert told["orders"][0]["state"] == "cancelled"
    assert {line["allocated"] for line in shop.get(f"orders/{order}").told["lines"]} == {"0"}


def test_what_cannot_be_cancelled_is_pointed_at(shop):
    orders = [place(shop), place(shop)]
    shop.post("cancellations", {"cancellations": [{"order": orders[1], "reason_code": "x"}]})
    answer = shop.post("cancellations", {"cancellations": [{"order": order, "reason_code": "x"} for order in orders]})
    assert (answer.status_code, codes(answer)) == (409, [(1, "not_now")])


def test_an_unknown_order_is_pointed_at(shop):
    order = place(shop)
    for path, name, more in (
        ("hold-releases", "releases", {"kind": "payment", "outcome": "x"}),
        ("cancellations", "cancellations", {"reason_code": "x"}),
        ("shipments", "shipments", {"carrier": "own"}),
        ("acceptances", "acceptances", {}),
        ("feedback", "feedback", {"rating": 5}),
    ):
        answer = shop.post(path, {name: [{"order": order, **more}, {"order": "NOPE", **more}]})
        assert (answer.status_code, codes(answer)) == (404, [(1, "unknown_order")]), path


def test_a_shops_number_that_looks_like_a_reference_of_ours_is_found_all_the_same(shop):
    looks_like_ours = references().make(2**39).replace("-", "")
    placed = shop.post("orders", an_order(external_ref=looks_like_ours)).told["reference"]
    told = shop.post("cancellations", {"cancellations": [{"order": looks_like_ours, "reason_code": "x"}]}).told
    assert told["orders"] == [{"order": looks_like_ours, "reference": placed, "state": "cancelled"}]
    assert shop.get(f"orders/{looks_like_ours}/status").told["reference"] == placed


@pytest.mark.clause("TRK-1")
def test_a_shipment_gets_our_number_or_the_carriers(shop):
    own, theirs = place(shop), place(shop)
    shipments = [
        {"order": own, "carrier": "own"},
        {"order": theirs, "carrier": "dhl", "tracking_number": "00340434161094042557"},
    ]
    told = shop.post("shipments", {"shipments": shipments}).told["shipments"]
    assert [one["state"] for one in told] == ["shipped", "shipped"]
    assert len(told[0]["tracking_numbers"][0]) == 13
    assert told[1]["tracking_numbers"] == ["00340434161094042557"]


def test_an_order_may_leave_in_several_boxes_of_one_call(shop):
    order = place(shop)
    boxes = [
        {"order": order, "carrier": "own", "lines": [{"position": 1, "quantity": 2}]},
        {"order": order, "carrier": "own", "lines": [{"position": 2, "quantity": 1}]},
    ]
    told = shop.post("shipments", {"shipments": boxes}).told["shipments"]
    assert [one["state"] for one in told] == ["shipped", "shipped"]
    assert len(shop.get(f"orders/{order}").told["shipments"]) == 2


def test_what_cannot_be_shipped_is_pointed_at_and_nothing_leaves(shop):
    fine, held = place(shop), place(shop, payment={"pending": True})
    answer = shop.post("shipments", {"shipments": [{"order": order, "carrier": "own"} for order in (fine, held)]})
    assert (answer.status_code, codes(answer)) == (409, [(1, "not_released")])
    assert answer.told["errors"][0]["field"] == "order"
    assert shop.get(f"orders/{fine}").told["shipments"] == []


@pytest.mark.clause("TRK-2")
def test_events_move_the_order_and_repeats_change_nothing(shop):
    order = place(shop)
    shop.post("shipments", {"shipments": [{"order": order, "carrier": "own"}]})
    event = {
        "order": order,
        "code": "delivered",
        "happened_at": ago(minutes=1),
        "place": "Berlin",
        "signed_by": "Okafor",
    }
    assert shop.post("tracking/events", {"events": [event]}).told == {"recorded": 1, "repeated": 0, "refused": []}
    assert shop.get(f"orders/{order}/status").told["state"] == "delivered"
    assert shop.post("tracking/events", {"events": [event, event]}).told["recorded"] == 0


def test_where_an_event_was_is_kept_for_a_map_and_no_place_is_beyond_the_earth(shop):
    order = place(shop)
    shop.post("shipments", {"shipments": [{"order": order, "carrier": "own"}]})
    berlin = {"city": "Berlin", "country": "DE", "latitude": "52.520008", "longitude": "13.404954"}
    event = {"order": order, "code": "in_transit", "happened_at": ago(hours=1), **berlin}
    assert shop.post("tracking/events", {"events": [event]}).told["recorded"] == 1
    (lines,) = tracking.timeline(orders.find(order)).values()
    told = {name: str(getattr(lines[0], name)) for name in berlin}
    assert told == berlin
    for wrong in ({"latitude": "91"}, {"longitude": "181"}, {"country": "Germany"}):
        assert shop.post("tracking/events", {"events": [event | wrong]}).status_code == 422


def test_good_events_are_recorded_beside_refused_ones(shop):
    order, unshipped = place(shop), place(shop)
    shop.post("shipments", {"shipments": [{"order": order, "carrier": "own"}]})
    said = {"code": "in_transit", "happened_at": ago(minutes=1)}
    events = [{"order": "NOPE"}, {"order": order}, {"order": unshipped}, {"tracking_number": "1Z999AA10123456784"}]
    told = shop.post("tracking/events", {"events": [event | said for event in events]}).told
    assert told["recorded"] == 1
    assert [(one["index"], one["code"]) for one in told["refused"]] == [
        (0, "unknown_order"), (2, "not_shipped"), (3, "unknown_parcel"),
    ]  # fmt: skip


def test_when_no_event_is_good_all_is_refused(shop):
    answer = shop.post("tracking/events", {"events": [{"order": "NOPE", "code": "lost", "happened_at": ago(days=1)}]})
    assert (answer.status_code, codes(answer)) == (404, [(0, "unknown_order")])


def test_an_event_of_an_unknown_word_or_of_nothing_is_refused_with_its_place(shop):
    events = [
        {"order": "X", "code": "teleported", "happened_at": ago(days=1)},
        {"code": "lost", "happened_at": ago(days=1)},
    ]
    answer = shop.post("tracking/events", {"events": events})
    assert (answer.status_code, codes(answer)) == (422, [(0, "unknown_word"), (1, "missing")])


@pytest.mark.clause("CLO-2")
def test_an_accepted_order_is_completed_and_may_be_rated(shop):
    order = place(shop)
    shop.post("shipments", {"shipments": [{"order": order, "carrier": "own"}]})
    shop.post("tracking/events", {"events": [{"order": order, "code": "delivered", "happened_at": ago(minutes=1)}]})
    told = shop.post("acceptances", {"acceptances": [{"order": order}]}).told
    assert told["orders"][0]["state"] == "completed"
    feedback = {"feedback": [{"order": order, "rating": 5, "comment": "Fine."}, {"order": order, "rating": 3}]}
    assert shop.post("feedback", feedback).told == {"kept": 2}


def test_what_was_not_delivered_cannot_be_accepted(shop):
    answer = shop.post("acceptances", {"acceptances": [{"order": place(shop)}]})
    assert (answer.status_code, codes(answer)) == (409, [(0, "not_asked")])


@pytest.mark.parametrize("rating", [0, 6, 4.5, "5", None])
def test_a_rating_outside_one_to_five_is_refused(shop, rating):
    answer = shop.post("feedback", {"feedback": [{"order": "X", "rating": rating}]})
    assert (answer.status_code, answer.told["errors"][0]["field"]) == (422, "rating")


def test_history_in_handling_needs_its_scope_too(shop, caller_with):
    order = place(shop)
    caller = caller_with("orders:write")
    answer = caller.post(
        "cancellations",
        {"cancellations": [{"order": order, "reason_code": "x", "occurred_at": "2020-01-01T00:00:00Z"}]},
    )
    assert (answer.status_code, codes(answer)) == (403, [(0, "scope_missing")])
