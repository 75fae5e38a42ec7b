"""Which item a document means, and whether it counts it as we do."""

from dataclasses import replace
from decimal import Decimal

import pytest

from milepost.ground.catalog.words import ItemCard
from milepost.way.intake.naming import is_same_unit, named
from milepost.way.intake.words import Incoming, LineDraft
from tests import cast

KETTLE = ItemCard(id=1, code="KETTLE-1", name="Kettle", price=Decimal(40), currency="EUR", unit="piece")
MUG = ItemCard(id=2, code="MUG-BLUE", name="Mug", price=Decimal(8), currency="EUR", unit="pc")
ITEMS = {"KETTLE-1": KETTLE, "4006381333931": KETTLE, "MUG-BLUE": MUG}


def asked(*numbers: str, theirs: tuple[str, ...] = (), unit: str = "") -> Incoming:
    line = LineDraft(code=(*numbers, *theirs)[0], quantity=Decimal(1), unit=unit)
    return Incoming(
        draft=cast.draft(lines=(line,)), raw=b"", sender="ZZ:OKAFOR", numbers=(numbers,), their_numbers=(theirs,)
    )


@pytest.mark.clause("VER-1")
@pytest.mark.parametrize(
    ("one", "code", "refused"),
    [
        (asked("KETTLE-1"), "KETTLE-1", []),
        (asked("K-9", "4006381333931"), "KETTLE-1", []),
        (asked("KETTLE-1", "MUG-BLUE"), "KETTLE-1", ["items_disagree"]),
        (asked("K-9"), "K-9", ["unknown_item"]),
        (asked(theirs=("MUG-BLUE",)), "MUG-BLUE", ["unknown_item"]),
        (asked(theirs=("998",)), "MUG-BLUE", []),
        (asked("KETTLE-1", theirs=("998",)), "KETTLE-1", ["items_disagree"]),
        (asked("KETTLE-1", unit="case"), "KETTLE-1", ["unit_differs"]),
        (asked("MUG-BLUE", unit="piece"), "MUG-BLUE", []),
    ],
)
def test_an_item_is_taken_only_where_every_number_that_is_known_means_the_same_one(one, code, refused):
    known, refusals = named(one, ITEMS, {("zz:okafor", "998"): "MUG-BLUE"})
    assert (known.draft.lines[0].code, [refusal.code for refusal in refusals]) == (code, refused)


def test_a_number_that_one_sender_uses_says_nothing_of_another_sender_s():
    other = replace(asked(theirs=("998",)), sender="ZZ:KELLER")
    assert named(other, ITEMS, {("zz:okafor", "998"): "MUG-BLUE"})[1][0].code == "unknown_item"


@pytest.mark.parametrize(
    ("said", "listed", "same"),
    [
        ("", "pack", True), ("piece", "pc", True), ("Stück", "piece", True), ("piece", "bottle", True), ("KGM", "kg", True),
        ("piece", "pack", False), ("case", "piece", False), ("carton", "case", False), ("kg", "g", False), ("lb", "kg", False),
        ("DUR", "piece", False), ("Bund", "bund", True),
    ],
)  # fmt: skip
def test_a_quantity_in_one_unit_is_the_same_in_another_only_where_both_mean_the_same(
    said: str, listed: str, same: bool
):
    assert is_same_unit(said, listed) is same
