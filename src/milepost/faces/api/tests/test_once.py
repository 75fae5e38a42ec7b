"""Exactly once: the same call repeated, in a row or at the same time, has one effect and one answer (REC-2)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import orjson
import pytest
from django.db import OperationalError, connection
from psycopg import OperationalError as ConnectionLost
from psycopg.errors import CrashShutdown, DeadlockDetected, DiskFull

from milepost.faces.api.api import api
from milepost.faces.api.once import REPLAYED
from milepost.faces.api.tests.conftest import an_order, furnish_shop, make_caller
from milepost.ground.access.models import IdempotentCall
from milepost.way.orders.models import Order


@pytest.mark.django_db
def test_a_repeated_call_is_answered_byte_for_byte_and_done_once(shop):
    body = orjson.dumps(an_order())
    first = shop.post("orders", body, key="k1")
    again = shop.post("orders", body, key="k1")
    assert (again.status_code, again.content, again.headers[REPLAYED]) == (201, first.content, "true")
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert REPLAYED not in first.headers
    assert Order.objects.count() == 1


@pytest.mark.django_db
def test_the_same_key_with_another_body_is_refused(shop):
    shop.post("orders", an_order(), key="k1")
    for path, body in (("orders", an_order()), ("orders", b"{"), ("items", {"items": []})):
        answer = shop.post(path, body, key="k1")
        assert (answer.status_code, answer.told["errors"][0]["code"]) == (422, "key_reused")
    assert Order.objects.count() == 1


@pytest.mark.django_db
def test_another_partner_may_use_the_same_key(shop, caller_with):
    body = orjson.dumps(an_order())
    shop.post("orders", body, key="k1")
    assert REPLAYED not in caller_with("orders:write").post("orders", body, key="k1").headers
    assert Order.objects.count() == 2


@pytest.mark.django_db
def test_a_refused_call_leaves_its_key_free(shop):
    assert shop.post("orders", an_order(currency="euro"), key="k1").status_code == 422
    assert shop.post("orders", an_order(), key="k1").status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "two words", "x" * 256, "ключ"])
def test_a_call_that_changes_something_needs_a_key_of_its_own(shop, key):
    answer = shop.post("orders", an_order(), **{"Idempotency-Key": key})
    assert (answer.status_code, answer.told["errors"][0]["code"]) == (400, "idempotency_key_missing")


def just_now():
    return (datetime.now(UTC) - timedelta(minutes=1)).isoformat()


def changing_paths():
    paths = api.get_openapi_schema(path_prefix="/api/")["paths"]
    return {path for path, methods in paths.items() if "post" in methods and "webhooks" not in path}


@pytest.mark.django_db
def test_every_changing_endpoint_repeats_its_answer(shop):
    order, lost, held = (
        shop.post("orders", an_order(payment={"pending": pending})).told["reference"]
        for pending in (False, False, True)
    )
    goods = [{"code": "CUP-2", "location": "MAIN", "quantity": 9, "reference": name} for name in ("S-1", "S-2")]
    late, here = (one["id"] for one in shop.post("stock/incoming", {"incoming": goods}).told["incoming"])
    opening = {"subscriptions": [{"url": "https://peer.example/hook", "types": ["order.shipped"]}]}
    peer = shop.post("subscriptions", opening).told["subscriptions"][0]["id"]
    calls = {
        "subscriptions": opening,
        "subscriptions/changes": {"id": peer, "action": "rotate"},
        "subscriptions/replays": {"id": peer, "failed": True},
        "stock/incoming": {"incoming": [goods[0] | {"reference": "S-3", "due_on": "2027-01-04"}]},
        "stock/incoming/corrections": {"corrections": [{"id": late, "quantity": 8, "due_on": None}]},
        "stock/incoming/arrivals": {"arrivals": [{"id": here}]},
        "stock/locations": {"locations": [{"code": "MAIN", "priority": 1, "serves": ["DE"]}]},
        "items/substitutes": {"substitutes": [{"code": "TEA-100", "stand_ins": ["CUP-2"]}]},
        "orders": an_order(),
        "hold-releases": {"releases": [{"order": held, "kind": "payment", "outcome": "paid"}]},
        "cancellations": {"cancellations": [{"order": lost, "reason_code": "x"}]},
        "items": {"items": [{"code": "NEW", "name": "New", "price": 1, "currency": "EUR"}]},
        "stock/receipts": {"receipts": [{"code": "TEA-100", "location": "MAIN", "quantity": 5}]},
        "orders/batch": {"orders": [an_order()]},
        "order-documents": b"order,item,quantity\nD-1,TEA-100,2\n",
        "shipments": {"shipments": [{"order": order, "tracking_number": "1Z5R89390357567127"}]},
        "labels/corrections": {
            "corrections": [
                {"order": order, "tracking_number": "1Z5R89390357567127", "right_number": "1Z879E930346834440"}
            ]
        },
        "tracking/events": {"events": [{"order": order, "code": "delivered", "happened_at": just_now()}]},
        "acceptances": {"acceptances": [{"order": order}]},
        "feedback": {"feedback": [{"order": order, "rating": 5}]},
        "inquiries": {"inquiries": [{"order": order, "words": "Where is it?"}]},
    }
    assert {f"/api/v1/{path}" for path in calls} == changing_paths()
    for path, body in calls.items():
        first, again = shop.post(path, body, key=path), shop.post(path, body, key=path)
        assert first.status_code in (200, 201, 202), (path, first.told)
        assert (again.content, again.headers.get(REPLAYED)) == (first.content, "true"), path


@pytest.mark.django_db
def test_who_lost_a_deadlock_is_asked_to_repeat_the_call(shop, monkeypatch):
    def deadlock(*_, **__):
        raise OperationalError from DeadlockDetected()

    with monkeypatch.context() as patch:
        patch.setattr("milepost.way.intake.commands.receive", deadlock)
        answer = shop.post("orders", an_order(), key="k1")
        assert (answer.status_code, answer.told["errors"][0]["code"]) == (409, "busy")
    assert shop.post("orders", an_order(), key="k1").status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("lost", "status"),
    [(ConnectionLost("server closed the connection unexpectedly"), 503), (CrashShutdown(), 503), (DiskFull(), 500)],
    ids=["connection lost", "killed", "another trouble"],
)
def test_while_postgresql_is_away_the_call_is_to_be_repeated_as_it_is(shop, monkeypatch, lost, status):
    def lose(*_, **__):
        raise OperationalError from lost

    with monkeypatch.context() as patch:
        patch.setattr("milepost.way.intake.commands.receive", lose)
        answer = shop.client.post("/api/v1/orders", orjson.dumps(an_order()), content_type="application/json", headers={
            "Authorization": f"Bearer {shop.plain}", "Idempotency-Key": "k1",
        })  # fmt: skip
        assert answer.status_code == status
        assert (b'"away"' in answer.content) == (status == 503)
    assert shop.post("orders", an_order(), key="k1").status_code == 201


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["orders", "orders/batch"])
def test_the_same_call_from_eight_threads_at_once_has_one_effect_and_one_answer(path):
    furnish_shop()
    caller = make_caller()
    body = orjson.dumps(an_order() if path == "orders" else {"orders": [an_order(), an_order()]})
    start = Barrier(8)

    def call(_):
        try:
            start.wait()
            answer = caller.post(path, body, key="same")
            return answer.status_code, answer.content, answer.headers.get(REPLAYED)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(call, range(8)))
    assert {status for status, _, _ in answers} <= {200, 201}, answers
    assert len({content for _, content, _ in answers}) == 1
    assert [replayed for _, _, replayed in answers].count("true") == 7
    assert Order.objects.count() == (1 if path == "orders" else 2)
    assert IdempotentCall.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_call_that_was_overtaken_by_itself_answers_as_the_first_even_where_it_would_be_refused_now():
    """A hold can be released once: the slower of two equal calls finds none, and yet gets the first one's answer."""
    furnish_shop()
    caller = make_caller()
    order = caller.post("orders", an_order(payment={"pending": True})).told["reference"]
    body = orjson.dumps({"releases": [{"order": order, "kind": "payment", "outcome": "paid"}]})
    start = Barrier(4)

    def call(_):
        try:
            start.wait()
            return caller.post("hold-releases", body, key="same")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(call, range(4)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
