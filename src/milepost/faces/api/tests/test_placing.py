"""Placing over HTTP."""

from hashlib import sha256

import orjson
import pytest

from milepost.faces.api.tests.conftest import an_order
from milepost.way.intake.models import OrderRequest
from milepost.way.orders.models import Order

pytestmark = pytest.mark.django_db


@pytest.mark.clause("REC-2")
def test_an_order_gets_its_reference_its_promise_and_its_links_at_once(shop):
    answer = shop.post("orders", an_order(external_ref="SHOP-A"))
    assert answer.status_code == 201, answer.told
    told = answer.told
    assert (told["state"], told["total"], told["currency"], told["holds"]) == ("confirmed", "32.00", "EUR", [])
    assert told["promise"]["earliest_on"] <= told["promise"]["latest_on"]
    assert Order.objects.get(reference=told["reference"]).external_ref == "SHOP-A"
    assert told["links"]["self"].endswith(f"/api/v1/orders/{told['reference']}")
    assert "/t/" in told["links"]["tracking"]


@pytest.mark.clause("REC-1")
def test_the_original_is_kept_byte_for_byte(shop):
    body = b"  " + orjson.dumps(an_order()) + b"\n"
    answer = shop.post("orders", body)
    assert bytes(OrderRequest.objects.get(reference=answer.told["reference"]).raw) == body


@pytest.mark.clause("VER-1")
def test_what_is_doubtful_is_accepted_with_holds_that_the_answer_names(shop):
    lines = [{"code": "TEA-100", "quantity": 2, "price": "99.00"}]
    told = shop.post("orders", an_order(lines=lines, payment={"pending": True})).told
    assert told["state"] == "received"
    assert {hold["kind"] for hold in told["holds"]} == {"price", "payment"}


@pytest.mark.clause("REC-1")
def test_the_original_of_a_refused_order_is_kept_with_its_reasons(shop):
    body = orjson.dumps(an_order(lines=[{"code": "NOPE", "quantity": 1}]))
    answer = shop.post("orders", body)
    assert answer.status_code == 422
    kept = OrderRequest.objects.get()
    assert (kept.state, bytes(kept.raw)) == ("refused", body)
    assert kept.refusals[0]["code"] == answer.told["errors"][0]["code"] == "unknown_item"
    assert not Order.objects.exists()


def test_the_original_of_what_is_not_even_json_is_kept_too(shop):
    assert shop.post("orders", b'{"lines": [').status_code == 400
    assert bytes(OrderRequest.objects.get().raw) == b'{"lines": ['


def test_a_batch_accepts_a_thousand_orders_each_with_its_own_original(shop):
    orders = [an_order() for _ in range(1000)]
    body = orjson.dumps({"orders": orders})
    answer = shop.post("orders/batch", body)
    assert answer.status_code == 200, answer.told
    assert [entry["index"] for entry in answer.told["accepted"]] == list(range(1000))
    row = OrderRequest.objects.get(reference=answer.told["accepted"][7]["reference"])
    assert bytes(row.raw) == orjson.dumps(orders[7])
    assert row.origins == {"batch": sha256(body).hexdigest(), "index": 7}


BAD = {"lines": [{"code": "NOPE", "quantity": 1}]}


def test_rejecting_all_names_each_failure_and_writes_nothing(shop):
    answer = shop.post("orders/batch", {"orders": [an_order(), an_order(**BAD), an_order(currency="euro")]})
    assert answer.status_code == 422
    assert {(e["index"], e["code"], e["field"]) for e in answer.told["errors"]} == {
        (1, "unknown_item", "lines.0.code"), (2, "bad_currency", "currency"),
    }  # fmt: skip
    assert not Order.objects.exists()


def test_rejecting_only_the_failing_accepts_the_others_and_keeps_both_originals(shop):
    orders = [an_order(), an_order(**BAD), an_order(lines="tea")]
    answer = shop.post("orders/batch", {"orders": orders, "on_failure": "reject_failing"})
    assert answer.status_code == 200
    assert [entry["index"] for entry in answer.told["accepted"]] == [0]
    assert [(e["index"], e["code"], e["field"]) for e in answer.told["refused"]] == [
        (1, "unknown_item", "lines.0.code"), (2, "wrong_type", "lines"),
    ]  # fmt: skip
    assert all(e["sentence"] and e["next_step"] for e in answer.told["refused"])
    assert {bytes(row.raw) for row in OrderRequest.objects.filter(state="refused")} == {
        orjson.dumps(order) for order in orders[1:]
    }


def test_history_needs_the_scope_for_it(shop, caller_with):
    then = {"occurred_at": "2018-03-01T09:30:00-03:00"}
    answer = caller_with("orders:write").post("orders", an_order(**then))
    assert (answer.status_code, answer.told["errors"][0]["code"]) == (403, "scope_missing")
    told = shop.post("orders", an_order(**then)).told
    assert told["received_at"] == "2018-03-01T12:30:00+00:00"
    assert Order.objects.get(reference=told["reference"]).history


def test_a_batch_of_history_keeps_each_orders_own_time(shop):
    times = ["2018-03-01T12:30:00+00:00", "2018-03-02T12:30:00+00:00", "2018-03-01T12:30:00+00:00"]
    answer = shop.post("orders/batch", {"orders": [an_order(occurred_at=time) for time in times]})
    assert [entry["received_at"] for entry in answer.told["accepted"]] == times


def test_a_date_that_the_shop_has_promised_stands(shop):
    promised = {"latest_on": "2099-05-04", "latest_at": "2099-05-04T00:00:00+02:00"}
    told = shop.post("orders", an_order(promised=promised)).told
    assert told["promise"] == {"earliest_on": "2099-05-04", "latest_on": "2099-05-04"}
