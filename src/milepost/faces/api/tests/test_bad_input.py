"""Bad input over HTTP: each gets a clear refusal with code and sentence, and nothing is half-written."""

import orjson
import pytest

from milepost.faces.api.tests.conftest import an_order
from milepost.way.orders.models import Order

pytestmark = [pytest.mark.django_db]


def expect_refusal(answer, *, status, code, field=None):
    assert answer.status_code == status, answer.content
    found = [one for one in answer.told["errors"] if one["code"] == code and field in (None, one["field"])]
    assert found, answer.told
    assert found[0]["sentence"].endswith(".")
    assert found[0]["next_step"]
    assert not Order.objects.exists()
    return found[0]


def line(**changes):
    return an_order(lines=[{"code": "TEA-100", "quantity": 1} | changes])


def raw_line(quantity: bytes) -> bytes:
    return orjson.dumps(line()).replace(b'"quantity":1', b'"quantity":' + quantity)


def test_malformed_json_is_refused_with_the_place_where_it_breaks(shop):
    assert "line 1" in expect_refusal(shop.post("orders", b'{"lines": ['), status=400, code="bad_json")["sentence"]


def test_an_empty_body_is_no_json(shop):
    expect_refusal(shop.post("orders", b" "), status=400, code="bad_json")


def test_json_that_is_no_object_is_refused(shop):
    expect_refusal(shop.post("orders", b"[]"), status=422, code="wrong_type")


def test_json_nested_beyond_reason_is_refused(shop):
    expect_refusal(shop.post("orders", b"[" * 100_000), status=400, code="bad_json")
    expect_refusal(shop.post("orders/batch", b'{"orders":' + b"[" * 100_000), status=400, code="bad_json")


def test_an_unknown_item_is_named(shop):
    said = expect_refusal(shop.post("orders", line(code="NOPE")), status=422, code="unknown_item", field="lines.0.code")
    assert "NOPE" in said["sentence"]


def test_an_unknown_field_is_refused_and_named(shop):
    expect_refusal(shop.post("orders", an_order(colour="red")), status=422, code="unknown_field", field="colour")
    expect_refusal(shop.post("orders", line(amount=2)), status=422, code="unknown_field", field="lines.0.amount")


def test_a_missing_field_is_refused_and_named(shop):
    order = an_order()
    del order["currency"]
    expect_refusal(shop.post("orders", order), status=422, code="missing", field="currency")


@pytest.mark.parametrize("quantity", [b"0", b"-1", b"1000001", b'"1E+400"', b"1e400", b"0.0001", b"NaN", b'"Infinity"'])
def test_a_quantity_of_nothing_or_beyond_measure_is_refused(shop, quantity):
    expect_refusal(shop.post("orders", raw_line(quantity)), status=422, code="bad_quantity", field="lines.0.quantity")


def test_a_number_of_five_thousand_digits_is_refused(shop):
    expect_refusal(shop.post("orders", raw_line(b"9" * 5000)), status=400, code="bad_json")
    expect_refusal(shop.post("orders", raw_line(b'"' + b"9" * 5000 + b'"')), status=422, code="bad_quantity")


@pytest.mark.parametrize("quantity", [b"true", b"null", b"[]", b"{}"])
def test_a_quantity_that_is_no_number_is_refused(shop, quantity):
    expect_refusal(shop.post("orders", raw_line(quantity)), status=422, code="wrong_type", field="lines.0.quantity")


@pytest.mark.parametrize("price", ["-0.01", "10000000000", "1.234", "cheap"])
def test_a_price_that_is_none_is_refused(shop, price):
    expect_refusal(shop.post("orders", line(price=price)), status=422, code="bad_amount", field="lines.0.price")


def test_a_total_beyond_all_measure_is_refused(shop):
    expect_refusal(shop.post("orders", line(price="9999999999.99", quantity=1_000_000)), status=422, code="bad_amount")


def test_a_currency_that_is_none_is_refused(shop):
    expect_refusal(shop.post("orders", an_order(currency="euro")), status=422, code="bad_currency", field="currency")


def test_a_currency_other_than_the_items_is_refused(shop):
    expect_refusal(shop.post("orders", line(code="USD-1")), status=422, code="wrong_currency", field="currency")


@pytest.mark.parametrize("day", ["2026-02-30", "0001-01-01", "9999-12-31", "10000-01-01", "tomorrow", "", 20260101])
def test_an_impossible_date_is_refused(shop, day):
    answer = shop.post("orders", an_order(promised={"latest_on": day}))
    expect_refusal(answer, status=422, code="bad_date", field="promised.latest_on")


def test_a_promise_that_was_over_before_the_order_came_is_refused(shop):
    answer = shop.post("orders", an_order(promised={"latest_on": "2020-01-01"}))
    expect_refusal(answer, status=422, code="date_in_the_past", field="promised.latest_on")


def test_a_promise_whose_day_and_instant_lie_apart_is_refused(shop):
    promised = {"latest_on": "2099-01-01", "latest_at": "2099-02-01T00:00:00Z"}
    expect_refusal(
        shop.post("orders", an_order(promised=promised)), status=422, code="dates_disagree", field="promised"
    )


@pytest.mark.parametrize(
    ("instant", "code"),
    [
        ("2018-03-01T09:30:00", "zone_missing"),
        ("2018-13-01T09:30:00Z", "bad_date"),
        ("0001-01-01T00:00:00+14:00", "bad_date"),
        ("9999-12-31T23:59:59-12:00", "bad_date"),
        ("2099-01-01T00:00:00Z", "date_in_the_future"),
    ],
)
def test_an_instant_that_cannot_have_been_is_refused(shop, instant, code):
    expect_refusal(shop.post("orders", an_order(occurred_at=instant)), status=422, code=code, field="occurred_at")


def test_bytes_that_are_not_utf8_are_refused(shop):
    body = orjson.dumps(an_order(instructions="caf_")).replace(b"caf_", "café".encode("latin-1"))
    expect_refusal(shop.post("orders", body), status=400, code="bad_encoding")


def test_utf16_is_refused(shop):
    expect_refusal(
        shop.post("orders", orjson.dumps(an_order()).decode().encode("utf-16")), status=400, code="bad_encoding"
    )


def test_a_byte_order_mark_before_the_json_is_forgiven(shop):
    assert shop.post("orders", b"\xef\xbb\xbf" + orjson.dumps(an_order())).status_code == 201


def test_a_nul_in_a_text_is_refused_before_the_database_sees_it(shop):
    expect_refusal(
        shop.post("orders", an_order(instructions="a\0b")), status=422, code="bad_text", field="instructions"
    )
    expect_refusal(shop.post("orders", line(code="A\0")), status=422, code="bad_text", field="lines.0.code")


def test_half_a_surrogate_pair_is_refused(shop):
    body = orjson.dumps(an_order(instructions="X")).replace(b'"X"', b'"\\ud800"')
    expect_refusal(shop.post("orders", body), status=400, code="bad_json")
    expect_refusal(shop.post("orders/batch", b'{"orders":[' + body + b"]}"), status=400, code="bad_json")
    expect_refusal(shop.post("orders/batch", b'{"orders":[{}],"\\ud800":"\\udfff"}'), status=400, code="bad_json")


def test_a_nul_in_a_fields_name_is_refused_and_its_original_kept(shop):
    expect_refusal(shop.post("orders", {**an_order(), "\0": 1}), status=422, code="unknown_field", field="?")


def test_texts_of_absurd_length_are_refused(shop):
    expect_refusal(
        shop.post("orders", an_order(external_ref="x" * 81)), status=422, code="too_long", field="external_ref"
    )
    expect_refusal(
        shop.post("orders", an_order(instructions="x" * 4001)), status=422, code="too_long", field="instructions"
    )


def test_more_lines_than_a_thousand_are_refused(shop):
    lines = [{"code": "TEA-100", "quantity": 1}] * 1001
    expect_refusal(shop.post("orders", an_order(lines=lines)), status=422, code="too_many", field="lines")


def test_more_orders_than_a_thousand_or_none_are_refused(shop):
    expect_refusal(shop.post("orders/batch", {"orders": [{}] * 1001}), status=422, code="too_many", field="orders")
    expect_refusal(shop.post("orders/batch", {"orders": []}), status=422, code="empty", field="orders")
    expect_refusal(shop.post("orders/batch", {}), status=422, code="missing", field="orders")
    expect_refusal(shop.post("orders/batch", {"orders": {}}), status=422, code="wrong_type", field="orders")


def test_a_batch_with_an_unknown_policy_is_refused(shop):
    answer = shop.post("orders/batch", {"orders": [an_order()], "on_failure": "ignore"})
    expect_refusal(answer, status=422, code="unknown_word", field="on_failure")


def test_an_oversized_body_is_refused_by_its_length(shop):
    expect_refusal(shop.post("orders", b" " * (21 * 1024 * 1024)), status=413, code="too_large")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1"]
)
def test_another_content_type_is_refused(shop, kind):
    expect_refusal(
        shop.post("orders", orjson.dumps(an_order()), **{"Content-Type": kind}), status=415, code="wrong_content_type"
    )


def test_an_unknown_time_zone_is_refused(shop):
    expect_refusal(shop.post("orders", an_order(zone="Europe/Atlantis")), status=422, code="unknown_zone", field="zone")
    expect_refusal(
        shop.post("orders", an_order(zone="../../etc/passwd")), status=422, code="unknown_zone", field="zone"
    )


def test_a_country_and_a_language_that_are_none_are_refused(shop):
    ship_to = an_order()["ship_to"]
    answer = shop.post("orders", an_order(ship_to=ship_to | {"country": "Germany"}))
    expect_refusal(answer, status=422, code="bad_country", field="ship_to.country")
    answer = shop.post("orders", an_order(customer={"name": "Ada", "language": "klingon!"}))
    expect_refusal(answer, status=422, code="bad_language", field="customer.language")


def test_a_country_that_nobody_knows_opens_a_hold(shop):
    answer = shop.post("orders", an_order(ship_to=an_order()["ship_to"] | {"country": "QQ"}))
    assert answer.status_code == 201
    assert [hold["kind"] for hold in answer.told["holds"]] == ["address"]


def test_all_faults_are_told_at_once(shop):
    answer = shop.post("orders", an_order(currency="e", colour="red", lines=[{"code": "", "quantity": 0}]))
    assert {(e["code"], e["field"]) for e in answer.told["errors"]} == {
        ("bad_currency", "currency"), ("unknown_field", "colour"), ("empty", "lines.0.code"), ("bad_quantity", "lines.0.quantity"),
    }  # fmt: skip


def test_an_address_of_the_api_that_does_not_exist_answers_in_json(shop):
    expect_refusal(shop.get("nothing"), status=404, code="not_found")
    expect_refusal(shop.get("orders/batch/x/y"), status=404, code="not_found")


def test_a_method_that_an_address_does_not_know_answers_in_json(shop):
    answer = shop.client.put("/api/v1/orders", b"{}", content_type="application/json")
    assert (answer.status_code, orjson.loads(answer.content)["errors"][0]["code"]) == (405, "wrong_method")
    assert answer.headers["Allow"] == "GET, POST"


@pytest.mark.parametrize("name", ["NOPE", "%00", "%ff", "x" * 500, "M000-000-000", "%20", "..%5c"])
def test_an_unknown_order_is_unknown_however_it_is_spelt(shop, name):
    for path in (f"orders/{name}", f"orders/{name}/status", f"orders/{name}/story"):
        expect_refusal(shop.get(path), status=404, code="unknown_order")


@pytest.mark.parametrize("query", [{"cursor": "x"}, {"cursor": "MDAwMS0wMS0wMSAx"}, {"cursor": "é" * 9}])
def test_a_cursor_that_is_none_of_ours_is_refused(shop, query):
    expect_refusal(shop.get("orders", **query), status=422, code="bad_cursor")


def test_list_parameters_are_checked(shop):
    expect_refusal(shop.get("orders", q="a\0"), status=422, code="bad_text", field="q")
    expect_refusal(shop.get("orders", state="lost"), status=422, code="unknown_word", field="state")
    expect_refusal(shop.get("orders", limit="0"), status=422, code="out_of_range", field="limit")
    expect_refusal(shop.get("orders", limit="many"), status=422, code="wrong_type", field="limit")
    expect_refusal(shop.get("kpis", **{"from": "9999-12-31"}), status=422, code="bad_date", field="from")
