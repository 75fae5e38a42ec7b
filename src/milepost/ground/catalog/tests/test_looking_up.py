"""Items found while somebody types."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from milepost.ground.catalog import commands, queries
from milepost.ground.catalog.words import ItemDraft
from milepost.kernel.acts import Act

pytestmark = pytest.mark.django_db

ACT = Act.now("staff:1", channel="desk", now=datetime(2026, 11, 16, 9, tzinfo=UTC))
SHOP = {
    "LAMP-ARC": "Arc reading lamp, brass", "LAMP-DESK": "Desk lamp, graphite", "LAMP-SHADE": "Linen lampshade 30 cm",
    "POT-24": "Terracotta pot 24 cm", "POT-36": "Terracotta pot 36 cm", "KETTLE-1": "Kettle 1.7 l, enamel",
    "MUG-BLUE": "Mug, blue", "MUG-RED": "Mug, red", "CREPE": "Crêpe pan, für Gäste", "KNIFE-20": "Kitchen knife 20 cm",
}  # fmt: skip


def listed(names: dict[str, str], *, active: bool = True) -> None:
    commands.list_items(
        [
            ItemDraft(code=code, name=name, price=Decimal(5), currency="EUR", active=active)
            for code, name in names.items()
        ],
        act=ACT,
    )


def found(text: str) -> list[str]:
    return [card.code for card in queries.look_up(text)]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("KETTLE-1", ["KETTLE-1"]),
        ("pot-24", ["POT-24"]),
        ("pot", ["POT-24", "POT-36"]),
        ("lamp desk", ["LAMP-DESK"]),
        ("brass re", ["LAMP-ARC"]),
        ("shade", ["LAMP-SHADE"]),
        ("mug blu", ["MUG-BLUE"]),
        ("crepe gaste", ["CREPE"]),
        ("24", ["POT-24"]),
    ],
)
def test_words_are_found_half_typed_in_any_order_and_without_accents(text: str, codes: list[str]) -> None:
    listed(SHOP)
    assert sorted(found(text)) == codes


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("kettel", "KETTLE-1"), ("teracota 36", "POT-36"), ("lapm desk", "LAMP-DESK"), ("kitchn knief", "KNIFE-20"),
        ("mug blau", "MUG-BLUE"), ("graphit lammp", "LAMP-DESK"),
    ],
)  # fmt: skip
def test_typos_are_forgiven_where_nothing_is_spelt_like_that(text: str, first: str) -> None:
    listed(SHOP)
    assert found(text)[0] == first


@pytest.mark.parametrize("text", ["", "k", "?!", "sofa", "trampoline", "%", "_", "%%%", "\\"])
def test_what_nobody_sells_is_not_found(text: str) -> None:
    listed(SHOP)
    assert found(text) == []


def test_the_very_code_comes_first_and_what_is_no_longer_sold_not_at_all() -> None:
    listed({"POT": "Cooking pot with a long name of its own", "POT-24": "Pot 24", "XPOT": "Pot"})
    listed({"POT-OLD": "Old pot"}, active=False)
    assert found("pot") == ["POT", "POT-24", "XPOT"]


def test_a_code_is_known_in_whatever_case_and_never_guessed() -> None:
    listed(SHOP)
    known = queries.by_typed_code(["kettle-1", " POT-24 ", "KETTLE", "Kettle 1.7 l, enamel", ""])
    assert {text: card.code for text, card in known.items()} == {"kettle-1": "KETTLE-1", " POT-24 ": "POT-24"}


def test_the_code_as_it_was_typed_goes_before_the_same_in_capitals() -> None:
    listed({"ab": "small", "AB": "capital"})
    assert {text: card.name for text, card in queries.by_typed_code(["ab", "AB"]).items()} == {
        "ab": "small", "AB": "capital",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["red mug 123", "mugg redd 123"], ids=["words", "typos"])
def test_looking_up_reads_the_index_of_words(text: str) -> None:
    listed({f"MUG-{n}": f"Red mug, number {n}, for the office" for n in range(2000)})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalog_item")
    with CaptureQueriesContext(connection) as asked:
        assert queries.look_up(text)
    statements = [one["sql"] for one in asked.captured_queries if "milepost_plain" in one["sql"]]
    assert len(statements) == (1 if text.startswith("red") else 2)
    for statement in statements:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_indexscan = off")
            cursor.execute(f"EXPLAIN {statement}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "catalog_item_words" in plan, plan
