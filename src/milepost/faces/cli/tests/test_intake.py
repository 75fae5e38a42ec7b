"""`milepost intake`: what arrived is listed with its reason, and worked on again after a repair."""

from collections.abc import Callable
from typing import Any

import pytest

from milepost.config.main import parser
from milepost.ground.catalog import commands as catalog
from milepost.ground.catalog.words import ItemDraft
from milepost.way.shops.tests import stall
from milepost.way.shops.tests.stall import line, order, send, the_order, work
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., tuple[int, str]]:
    """The exit code of a command, and all that it printed."""

    def run(*words: str) -> tuple[int, str]:
        asked = parser().parse_args(["intake", *words])
        code = int(asked.run(asked))
        printed = capfdbinary.readouterr()
        return code, (printed.out + printed.err).decode()

    return run


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A shop's order of an item that nobody knows, refused when it was worked on."""
    stall.open_stall(monkeypatch)
    cast.stocked()
    row = send(order(line_items=[line(1, "NEW-1", 1, "5.00")]))
    work()
    return row


def test_the_list_names_what_is_not_settled_with_its_reason(told: Callable[..., tuple[int, str]], broken: Any) -> None:
    code, text = told("list")
    assert code == 0
    assert f"{broken.id}" in text
    assert "unknown_item: There is no item NEW-1 in the catalogue." in text
    assert text.endswith("1 refused\n")
    assert str(broken.id) not in told("list", "--source", "woocommerce")[1]
    assert str(broken.id) not in told("list", "--state", "processed")[1]


@pytest.mark.clause("OPS-1")
def test_a_retry_before_the_repair_fails_with_the_reason_and_after_it_the_order_is_there(
    told: Callable[..., tuple[int, str]], broken: Any
) -> None:
    code, text = told("retry", str(broken.id))
    assert (code, "unknown_item" in text) == (1, True)
    catalog.list_items(
        [ItemDraft(code="NEW-1", name="New", unit="pc", price=cast.Decimal(5), currency="EUR")], act=cast.SHOP
    )
    code, text = told("retry", "--source", "shopify")
    assert (code, text) == (
        0,
        "1 retried: 1 processed, 0 without anything to do, 0 open, 0 waiting, 0 refused.\n",
    )
    assert the_order().lines[0].code == "NEW-1"
    assert told("list")[1] == "Everything is settled.\n"


def test_the_original_is_shown_byte_for_byte(told: Callable[..., tuple[int, str]], broken: Any) -> None:
    assert '"NEW-1"' in told("show", str(broken.id))[1]
    assert told("show", "00000000-0000-0000-0000-000000000000")[0] == 1


def test_a_retry_of_nothing_is_a_wrong_call(told: Callable[..., tuple[int, str]]) -> None:
    assert told("retry")[0] == 2
