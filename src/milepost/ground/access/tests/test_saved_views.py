"""Searches that are kept under a name."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from milepost.ground.access import commands as access
from milepost.ground.access import saved_views
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused

pytestmark = pytest.mark.django_db
ACT = Act.now("staff:1", channel="desk", now=datetime(2026, 11, 16, 9, tzinfo=UTC))
MINE = ("customer_service",)


@pytest.fixture
def mona() -> int:
    return access.join(email="mona@milepost.example", name="Mona", roles=MINE, act=ACT)


@pytest.fixture
def omar() -> int:
    return access.join(email="omar@milepost.example", name="Omar", roles=["order_management"], act=ACT)


def kept(staff_id: int, name: str = "Late ones", *, role: str = "", listing: str = "orders") -> UUID:
    return saved_views.keep(listing, name, "show=late", staff_id=staff_id, roles=MINE, role=role, act=ACT)


def test_a_view_is_seen_by_who_keeps_it_and_by_nobody_else(mona: int, omar: int) -> None:
    kept(mona)
    [view] = saved_views.views_of(mona, MINE, "orders")
    assert (view.name, view.query, view.is_mine, view.is_first) == ("Late ones", "show=late", True, False)
    assert saved_views.views_of(mona, MINE, "shipments") == []
    assert saved_views.views_of(omar, MINE, "orders") == []


def test_a_view_that_is_shared_is_seen_by_all_of_the_role_and_by_no_other(mona: int, omar: int) -> None:
    kept(mona, role="customer_service")
    [view] = saved_views.views_of(omar, MINE, "orders")
    assert (view.owner, view.is_mine) == ("Mona", False)
    assert saved_views.views_of(omar, ["order_management"], "orders") == []


def test_one_shares_with_roles_of_ones_own_only_but_management_with_all(mona: int) -> None:
    with pytest.raises(Refused, match="Customer service"):
        kept(mona, role="logistics")
    assert saved_views.may_share_with(["customer_service"]) == ["customer_service"]
    assert "logistics" in saved_views.may_share_with(["management"])


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "two\nlines"])
def test_a_view_has_a_name(mona: int, name: str) -> None:
    with pytest.raises(Refused, match="needs a name"):
        kept(mona, name)


def test_a_name_is_taken_whatever_its_case_but_only_for_the_same_list_and_person(mona: int, omar: int) -> None:
    kept(mona)
    kept(mona, listing="shipments")
    kept(omar)
    with pytest.raises(Refused) as refused:
        kept(mona, "late ONES")
    assert [one.code for one in refused.value.refusals] == ["name_taken"]


def test_a_view_is_renamed_and_removed_by_who_keeps_it_alone(mona: int, omar: int) -> None:
    view = kept(mona, role="customer_service")
    for wrongly in (
        lambda: saved_views.change(view, staff_id=omar, roles=MINE, name="Mine", role="", act=ACT),
        lambda: saved_views.remove(view, staff_id=omar, act=ACT),
    ):
        with pytest.raises(Refused, match="no such view"):
            wrongly()
    saved_views.change(view, staff_id=mona, roles=MINE, name="Later", query="show=held", role="", act=ACT)
    [card] = saved_views.views_of(mona, MINE, "orders")
    assert (card.name, card.query, card.role) == ("Later", "show=held", "")
    saved_views.remove(view, staff_id=mona, act=ACT)
    assert saved_views.views_of(mona, MINE, "orders") == []


def test_a_view_cannot_be_given_the_name_of_another(mona: int) -> None:
    kept(mona)
    other = kept(mona, "Held")
    with pytest.raises(Refused, match="name for this list already"):
        saved_views.change(other, staff_id=mona, roles=MINE, name="Late ones", role="", act=ACT)


def test_one_view_of_a_list_is_the_first_and_goes_with_its_view(mona: int, omar: int) -> None:
    view, other = kept(mona, role="customer_service"), kept(mona, "Held")
    for one in (other, view):
        saved_views.put_first("orders", one, staff_id=mona, roles=MINE, act=ACT)
    saved_views.put_first("orders", view, staff_id=omar, roles=MINE, act=ACT)
    assert [card.id for card in saved_views.views_of(mona, MINE, "orders") if card.is_first] == [view]
    saved_views.put_first("orders", None, staff_id=mona, roles=MINE, act=ACT)
    assert not any(card.is_first for card in saved_views.views_of(mona, MINE, "orders"))
    saved_views.remove(view, staff_id=mona, act=ACT)
    assert saved_views.views_of(omar, MINE, "orders") == []


def test_what_one_does_not_see_cannot_be_the_first(mona: int, omar: int) -> None:
    with pytest.raises(Refused, match="no such view"):
        saved_views.put_first("orders", kept(mona), staff_id=omar, roles=MINE, act=ACT)


def test_there_are_not_more_views_than_one_can_look_over(mona: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_views, "MOST_VIEWS", 2)
    kept(mona), kept(mona, "Held")
    with pytest.raises(Refused, match="as many as there may be"):
        kept(mona, "Third")


def test_however_many_views_there_are_one_statement_reads_them(mona: int) -> None:
    for place in range(5):
        kept(mona, f"View {place}")
    with CaptureQueriesContext(connection) as asked:
        saved_views.views_of(mona, MINE, "orders")
    assert len(asked) == 1
