"""Customers find what they ordered among their own orders."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from milepost.faces.portal.tests.signing_in import signed_in
from milepost.faces.portal.tests.test_tracking_page import delivered
from milepost.kernel.acts import Act
from milepost.way.intake.words import LineDraft
from tests import cast

pytestmark = pytest.mark.django_db


class TestFindingAmongMyOrders:
    @pytest.fixture
    def ada(self) -> Client:
        """Ada has ordered a kettle that is there, and tea that is under way; Bruno has ordered tea, too."""
        cast.stocked()
        kettle, tea = (
            replace(cast.draft(), lines=(LineDraft(code=code, quantity=Decimal(1)),))
            for code in (cast.KETTLE, cast.TEA)
        )
        first, _, _ = cast.ordered(
            replace(kettle, external_ref="WEB-1", po_number="PO-77"), replace(tea, external_ref="WEB-2"),
            replace(tea, external_ref="WEB-3", customer=cast.BRUNO), act=Act.now("staff:2", channel="desk", now=timezone.now()),
        )  # fmt: skip
        delivered(first)
        return signed_in()

    @pytest.mark.clause("INQ-4")
    @pytest.mark.parametrize(
        ("asked", "shown"),
        [
            ("", {"PO-77"}), ("q=kettle", {"PO-77"}), ("q=PO-77", {"PO-77"}), ("q=web-1", {"PO-77"}), ("which=past", {"PO-77"}),
            ("which=open", set()), ("q=tea", set()), ("q=kettle+tea", set()), ("q=%25", set()), ("q=kettle&which=open", set()),
        ],
    )  # fmt: skip
    def test_by_number_item_purchase_order_and_whether_it_is_over(
        self, ada: Client, asked: str, shown: set[str]
    ) -> None:
        page = ada.get(f"/shop/?{asked}").content.decode()
        assert {number for number in ("PO-77",) if f'"soft">{number}<' in page} == shown

    def test_what_is_found_nowhere_says_so_and_leads_back(self, ada: Client) -> None:
        page = ada.get("/shop/?q=piano").content.decode()
        assert "No order of yours has “piano”." in page
        assert ada.get("/shop/?q=%00").status_code in (200, 400)
