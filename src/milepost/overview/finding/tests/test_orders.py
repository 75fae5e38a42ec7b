"""Orders found as people type: by number, name, address, phone and item, typos forgiven, with what else was chosen."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from milepost.kernel.acts import Act
from milepost.overview.finding import walking
from milepost.overview.finding.orders import orders
from milepost.overview.finding.words import Show, Wanted
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment.words import Shipping
from milepost.way.orders import queries
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.clause("INQ-1")]
NOW = datetime.now(UTC)
TEA = (cast.LineDraft(code=cast.TEA, quantity=cast.Decimal(1)),)


def at(minutes: int) -> Act:
    return Act.now("key:1", channel="api", now=NOW - timedelta(hours=2) + timedelta(minutes=minutes))


@pytest.fixture
def three() -> list[int]:
    """Ada's kettle, Bruno's order on hold, and tea for Ada with numbers of her own, shipped."""
    cast.stocked()
    drafts = [
        cast.draft(),
        cast.draft(customer=cast.BRUNO, payment_pending=True),
        cast.draft(external_ref="WEB-77", po_number="PO-9", lines=TEA),
    ]
    ids = [cast.ordered(draft, act=at(minute))[0] for minute, draft in enumerate(drafts)]
    fulfilment.ship(
        [Shipping(order_id=ids[2], carrier="dhl", tracking_numbers=("JJD000390000000000017",), numbers_confirmed=True)],
        act=at(5),
    )
    return ids


def found(text: str = "", **chosen: Any) -> list[int]:
    return orders(Wanted(text=text, **chosen), now=NOW).ids


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("WEB-77", [2]), ("WEB-7", [2]), ("PO-9", [2]), ("JJD0003900", [2]), ("jjd 000390000000000017", [2]),
        ("ada@okafor.example", [2, 0]), ("okafor", [2, 0]), ("ADA oka", [2, 0]), ("okaphor", [2, 0]), ("+49 30 901820", [2, 0]),
        ("6681800", [1]), ("kettle", [1, 0]), (cast.TEA, [2]), ("ketle", [1, 0]), ("tea 500", [2]), ("Zebra", []), ("%", []),
        ("C-2", [1]), ("\\", []),
    ],
)  # fmt: skip
def test_an_order_is_found_by_whatever_is_typed_of_it_the_newest_first(
    text: str, places: list[int], three: list[int]
) -> None:
    assert found(text) == [three[place] for place in places]


def test_a_reference_is_found_begun_and_with_one_wrong_character_or_two_swapped(three: list[int]) -> None:
    reference = queries.contacts([three[1]])[three[1]].reference
    assert found(reference[:6]) == [three[1]]
    for place in (2, 6, 9):
        other = "7" if reference[place] != "7" else "8"
        if reference[place] != "-":
            assert found(reference[:place] + other + reference[place + 1 :]) == [three[1]]
    swapped = reference[0] + reference[2] + reference[1] + reference[3:]
    assert found(swapped) == [three[1]]


@pytest.mark.parametrize(
    ("chosen", "places"),
    [
        ({"show": Show.HELD}, [1]), ({"show": Show.OPEN}, [2, 1, 0]), ({"state": "shipped"}, [2]),
        ({"show": Show.HELD, "state": "received"}, [1]), ({"show": Show.HELD, "state": "shipped"}, []),
        ({"show": Show.DELAYED}, []),
        ({"text": "okafor", "state": "confirmed"}, [0]), ({"text": "kettle", "show": Show.HELD}, [1]),
        ({"text": "kettle", "show": Show.LATE}, []),
    ],
)  # fmt: skip
def test_what_was_chosen_and_what_was_typed_narrow_together(
    chosen: dict[str, object], places: list[int], three: list[int]
) -> None:
    assert found(**chosen) == [three[place] for place in places]


def test_orders_past_their_promise_come_the_longest_late_first(three: list[int]) -> None:
    later = NOW + timedelta(days=30)
    late = orders(Wanted(show=Show.LATE), now=later).ids
    assert set(late) <= set(three)
    assert late[0] == three[0]
    assert orders(Wanted(show=Show.LATE, state="confirmed"), now=later).ids == [three[0]]


@pytest.mark.parametrize(
    "limit",
    [("overview.finding.matching.MOST_CUSTOMERS", 2), ("ground.parties.queries.NEWEST", 1)],
    ids=["many", "most"],
)
def test_what_many_have_is_asked_row_by_row_and_every_page_goes_on_where_the_last_stopped(
    limit: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.stocked()
    ids = [
        cast.ordered(cast.draft(customer=one), act=at(minute))[0]
        for minute, one in enumerate(
            replace(cast.ADA if number % 2 else cast.BRUNO, external_ref=f"N-{number}") for number in range(8)
        )
    ]
    monkeypatch.setattr(f"milepost.{limit[0]}", limit[1])
    monkeypatch.setattr(walking, "WINDOW", 3)
    seen: list[int] = []
    after, pages = None, 0
    while True:
        page = orders(Wanted(text="okafor"), now=NOW, after=after, limit=2)
        seen, after, pages = [*seen, *page.ids], page.next, pages + 1
        if after is None:
            break
    assert seen == [one for number, one in enumerate(ids) if number % 2][::-1]
    assert pages > 2


def test_orders_of_many_items_are_merged_the_newest_first_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    cast.stocked()
    ids = [cast.ordered(cast.draft(), act=at(minute))[0] for minute in range(5)]
    monkeypatch.setattr(walking.few_orders, "__kwdefaults__", {"most": 2})
    first = orders(Wanted(text="kettle"), now=NOW, limit=3)
    rest = orders(Wanted(text="kettle"), now=NOW, after=first.next, limit=3)
    assert [*first.ids, *rest.ids] == ids[::-1]
    assert rest.next is None
