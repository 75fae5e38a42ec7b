"""Each list and each search reads indexes alone, whatever was typed and chosen."""

import re
from datetime import UTC, datetime
from functools import partial
from itertools import product
from uuid import UUID

from django.db import connection

from milepost.overview.finding import about_orders, customers_and_items
from milepost.overview.finding.orders import orders
from milepost.overview.finding.tests.conftest import Plans
from milepost.overview.finding.words import Place, Show, Wanted
from milepost.way.intake import opened

NOW = datetime(2026, 3, 1, tzinfo=UTC)
THEN = Place(datetime(2026, 1, 4, tzinfo=UTC), 4000)
OLD = Place(THEN.at, UUID(int=2**127))
SMALL = {"states", "parties_carrier", "procedures_edition"}


def faults(plans: list[str], *indexes: str) -> list[str]:
    """Which tables are read whole, which of these indexes are not read; with the plans, where there is a fault."""
    whole = "\n\n".join(plans)
    read = {
        one
        for one in re.findall(r"Seq Scan on (\w+)", whole)
        if not re.fullmatch(r"notices_notice_(rest|20\d\d_\d\d)", one)
    }
    found = [f"{table} is read whole" for table in sorted(read - SMALL)]
    found += [f"{index} is not read" for index in indexes if index not in whole]
    return [*found, whole] if found else []


LISTS = [
    (Wanted(), ["orders_order_newest"]),
    (Wanted(show=Show.OPEN), ["orders_order_by_state"]),
    (Wanted(state="packed"), ["orders_order_by_state"]),
    (Wanted(show=Show.HELD), ["orders_hold_open"]),
    (Wanted(show=Show.DELAYED), ["cases_case_open"]),
    (Wanted(show=Show.LATE), ["promising_awaited_by_due"]),
    (Wanted(customer_id=7), ["orders_order_by_customer"]),
    (Wanted(show=Show.HELD, state="received"), ["orders_hold_open", "orders_order_pkey"]),
    (Wanted(show=Show.LATE, customer_id=7), ["orders_order_by_customer", "promising_one_stands"]),
]


def test_each_list_of_orders_is_walked_along_its_index(thousands: None, plans: Plans) -> None:
    for (wanted, indexes), after in product(LISTS, (None, THEN)):
        found = plans(partial(orders, wanted, now=NOW, after=after))
        assert (wanted, faults(found, *indexes)) == (wanted, [])
        assert not re.search(r"Sort Key: (w|o)\.", "".join(found)), found


SEARCHES = [
    (Wanted(text="WEB-4711"), ["orders_order_external"]),
    (Wanted(text="WEB-47"), ["orders_order_external"]),
    (Wanted(text="PO-47"), ["orders_order_po"]),
    (Wanted(text="JJD47"), ["fulfilment_parcel_tracking"]),
    (Wanted(text="M0000047"), ["_like"]),
    (Wanted(text="okafor 16"), ["parties_customer_words", "orders_order_by_customer"]),
    (Wanted(text="okafro 16"), ["parties_customer_words", "orders_order_by_customer"]),
    (Wanted(text="shoppers example"), ["orders_order_newest", "parties_customer_pkey"]),
    (Wanted(text="030 900016"), ["parties_customer_words"]),
    (Wanted(text="kettle"), ["catalog_item_words", "orders_line_of_item"]),
    (Wanted(text="kettle", state="packed"), ["orders_order_by_state", "on orders_line"]),
    (Wanted(text="shoppers example", show=Show.HELD), ["orders_hold_open", "parties_customer_pkey"]),
    (Wanted(text="xqzwvk"), ["parties_customer_words", "catalog_item_words"]),
]


def test_each_search_of_orders_is_a_few_reads_of_indexes(thousands: None, plans: Plans) -> None:
    for wanted, indexes in SEARCHES:
        assert (wanted, faults(plans(partial(orders, wanted, now=NOW)), *indexes)) == (wanted, [])


OTHERS = [
    (about_orders.shipments, ["fulfilment_shipment_pkey"]),
    (lambda: about_orders.shipments(open_only=True), ["fulfilment_shipment_open"]),
    (lambda: about_orders.shipments(state="lost", after=THEN), ["fulfilment_shipment_by_state"]),
    (lambda: about_orders.shipments(text="JJD4711"), ["fulfilment_parcel_tracking", "fulfilment_shipment_number"]),
    (lambda: about_orders.shipments(text="shoppers example"), ["fulfilment_shipment_pkey", "parties_customer_pkey"]),
    (about_orders.exceptions, ["cases_case_open"]),
    (lambda: about_orders.exceptions(open_only=False, after=THEN), ["cases_case_found"]),
    (lambda: about_orders.exceptions(kind="delay"), ["cases_case_open"]),
    (lambda: about_orders.exceptions(text="okafor 16"), ["cases_case_o", "parties_customer_words"]),
    (about_orders.messages, ["pkey"]),
    (lambda: about_orders.messages(state="failed", after=OLD), ["planned_at_id_idx"]),
    (lambda: about_orders.messages(text="okafor 16"), ["parties_customer_words", "order_id"]),
    (customers_and_items.customers, ["parties_customer_pkey"]),
    (lambda: customers_and_items.customers(text="okafor 16"), ["parties_customer_words"]),
    (lambda: customers_and_items.customers(text="shoppers example", after=THEN), ["parties_customer_pkey"]),
    (lambda: customers_and_items.customers(blocked=True), ["parties_customer_pkey"]),
    (customers_and_items.items, ["catalog_item_code"]),
    (lambda: customers_and_items.items(text="kettle"), ["catalog_item_words"]),
    (lambda: customers_and_items.items(short_only=True), ["stock_backorder_queue"]),
    (opened.open_requests, ["intake_request_open"]),
    (lambda: opened.look_up("nobody"), ["intake_request_open"]),
]


def test_every_other_list_and_search_reads_its_index(thousands: None, plans: Plans) -> None:
    for place, (read, indexes) in enumerate(OTHERS):
        assert (place, faults(plans(read), *indexes)) == (place, [])


def test_no_list_takes_more_statements_for_more_orders(thousands: None) -> None:
    for text in ("WEB-47", "okafor", "shoppers example", "kettle", "okafro 16", "M0000-0047"):
        asked: list[str] = []

        def note(execute, statement, values, many, context, asked=asked):
            asked.extend([statement] if "SAVEPOINT" not in statement else [])
            return execute(statement, values, many, context)

        with connection.execute_wrapper(note):
            orders(Wanted(text=text), now=NOW)
        assert len(asked) <= 16, (text, len(asked))
