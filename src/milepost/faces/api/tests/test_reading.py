"""Reading orders: status, the whole, the story, lists."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from milepost.faces.api.tests.conftest import an_order

pytestmark = pytest.mark.django_db


@pytest.mark.clause("INQ-1")
def test_a_status_is_one_statement_with_the_key_and_is_found_by_either_number(shop):
    placed = shop.post("orders", an_order(external_ref="100000123")).told
    for name in (placed["reference"], placed["reference"].lower().replace("-", ""), "100000123"):
        told = shop.get(f"orders/{name}/status").told
        assert told == {key: placed[key] for key in ("reference", "state", "received_at", "promise")} | {
            "delivered_at": None
        }
    with CaptureQueriesContext(
        connection,
    ) as statements:
        shop.get(f"orders/{placed['reference']}/status")
    assert len(statements) == 1


def test_a_status_read_uses_indexes_only(shop):
    reference = shop.post("orders", an_order()).told["reference"]
    with CaptureQueriesContext(connection) as statements:
        shop.get(f"orders/{reference}/status")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + statements.captured_queries[0]["sql"].replace("%", "%%"))
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan" not in plan, plan


def test_an_order_is_told_with_lines_holds_promises_and_shipments(shop):
    placed = shop.post("orders", an_order(freight="4.90")).told
    told = shop.get(f"orders/{placed['reference']}").told
    assert (told["items_total"], told["freight"], told["total"]) == ("32.00", "4.90", "36.90")
    assert [(line["code"], line["quantity"], line["allocated"], line["short"]) for line in told["lines"]] == [
        ("TEA-100", "2.000", "2.000", "0"), ("CUP-2", "1.000", "1.000", "0"),
    ]  # fmt: skip
    assert told["ship_to"]["city"] == "Berlin"
    assert [promise["sequence"] for promise in told["promises"]] == [1]
    assert told["shipments"] == []


@pytest.mark.clause("RECD-2")
def test_a_story_tells_all_facts_in_sentences(shop):
    placed = shop.post("orders", an_order()).told
    facts = shop.get(f"orders/{placed['reference']}/story").told["facts"]
    assert [fact["sequence"] for fact in facts] == list(range(1, len(facts) + 1))
    assert {"OrderReceived", "OrderPlaced", "StockAllocated", "PromiseMade", "OrderConfirmed"} <= {
        f["kind"] for f in facts
    }
    assert facts[0]["sentence"] == "Order received"
    assert facts[0]["actor"].startswith("key:")


def test_a_list_is_paged_without_gaps_or_repeats(shop):
    shop.post("orders/batch", {"orders": [an_order() for _ in range(7)]})
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = shop.get("orders", limit=3, cursor=cursor).told
        seen += [row["reference"] for row in page["orders"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == 7


def test_a_list_is_narrowed_by_state_and_by_words(shop):
    held = shop.post("orders", an_order(payment={"pending": True})).told["reference"]
    named = shop.post("orders", an_order(external_ref="SHOP-X")).told["reference"]
    assert [row["reference"] for row in shop.get("orders", state="received").told["orders"]] == [held]
    assert [row["reference"] for row in shop.get("orders", q="SHOP-X").told["orders"]] == [named]
    assert shop.get("orders", q="nobody").told == {"orders": [], "next": None}
