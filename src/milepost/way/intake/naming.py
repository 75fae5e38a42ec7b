"""Which item of ours a document means, and whether it counts it as we do: pure, and never a guess (VER-1)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from milepost.ground.catalog.words import ItemCard
from milepost.kernel.refusals import Refusal
from milepost.way.intake.words import Incoming, LineDraft

PIECE = frozenset(
    [
        "piece",
        "pieces",
        "pc",
        "pcs",
        "pce",
        "each",
        "ea",
        "unit",
        "units",
        "item",
        "items",
        "stk",
        "stück",
        "stuck",
        "x",
        "h87",
        "c62",
        "nar",
    ]
)
SAME_UNIT: tuple[frozenset[str], ...] = (
    PIECE,
    *(
        frozenset(words.split(" "))
        for words in (
            "case cases cs", "carton cartons ctn ct", "box boxes bx", "pack packs pk pkt packet", "pallet pallets",
            "dozen doz dz dzn", "pair pairs pr", "kg kgm kilo kilogram kilograms", "g gr grm gram grams", "l ltr lt litre litres",
            "ml mlt millilitre", "m mtr metre metres meter meters", "cm cmt", "mm mmt", "lb lbs lbr pound pounds", "oz onz ounce",
            "set sets", "kit kits", "roll rolls", "bag bags bg", "bottle bottles btl", "can cans", "jar jars", "tube tubes",
        )
    ),
)  # fmt: skip
"""Words for the same unit."""

ONE_OF_IT = frozenset(
    [
        "set",
        "sets",
        "kit",
        "kits",
        "roll",
        "rolls",
        "bag",
        "bags",
        "bottle",
        "bottles",
        "btl",
        "can",
        "cans",
        "jar",
        "jars",
        "tube",
        "tubes",
    ]
)
"""Listed units of which a piece is one. A piece of what is listed by the case or the pack may be a part of it: that is asked."""


Theirs = Mapping[tuple[str, str], str]
"""Codes of our items by sender and the sender's own number, as people have said."""


def numbers_of(incoming: Sequence[Incoming], theirs: Theirs) -> list[str]:
    """All numbers of ours by which these requests name items."""
    ours = {number for one in incoming for place in range(len(one.draft.lines)) for number in _numbers(one, place)}
    return sorted(ours | set(theirs.values()))


def their_numbers_of(incoming: Sequence[Incoming]) -> list[tuple[str, str]]:
    """All numbers of senders' own by which these requests name items, with the senders."""
    return sorted(
        {(sender_key(one.sender), number) for one in incoming for some in one.their_numbers for number in some}
    )


def sender_key(sender: str) -> str:
    """A sender as things are remembered of them: case and spaces around do not matter."""
    return " ".join(sender.split()).casefold()[:254]


def named(one: Incoming, items: Mapping[str, ItemCard], theirs: Theirs) -> tuple[Incoming, list[Refusal]]:
    """The request with the item and the unit of each line as we list them, and why some of its lines cannot be taken."""
    lines: list[LineDraft] = []
    refusals: list[Refusal] = []
    for place, line in enumerate(one.draft.lines):
        said = [theirs[key] for key in _keys(one, place) if key in theirs]
        found = {items[number].id: items[number] for number in (*_numbers(one, place), *said) if number in items}
        item = next(iter(found.values()), None)
        refusals += _problems(one, place, line, list(found.values()))
        same = item is not None and is_same_unit(line.unit, item.unit)
        lines.append(replace(line, code=item.code, unit=item.unit if same else line.unit) if item else line)
    return replace(one, draft=replace(one.draft, lines=tuple(lines))), refusals


def _numbers(one: Incoming, place: int) -> tuple[str, ...]:
    """Numbers that are looked up in the catalogue: those of a document, or the code that stands there."""
    return one.numbers[place] if place < len(one.numbers) else (one.draft.lines[place].code,)


def _keys(one: Incoming, place: int) -> list[tuple[str, str]]:
    some = one.their_numbers[place] if place < len(one.their_numbers) else ()
    return [(sender_key(one.sender), number) for number in some]


def _problems(one: Incoming, place: int, line: LineDraft, found: Sequence[ItemCard]) -> Iterator[Refusal]:
    numbers = ", ".join(dict.fromkeys((*_numbers(one, place), *(number for _, number in _keys(one, place)))))
    if not found:
        yield _refusal(
            one, "unknown_item", f"lines.{place}.code", "There is no item {numbers} in the catalogue.",
            "List the item, or say once which item of ours it is.", numbers=numbers,
        )  # fmt: skip
    elif len(found) > 1:
        codes = ", ".join(item.code for item in found)
        yield _refusal(
            one, "items_disagree", f"lines.{place}.code", "The numbers {numbers} are of several items: {codes}.",
            "Ask the sender which one is meant.", numbers=numbers, codes=codes,
        )  # fmt: skip
    elif not is_same_unit(line.unit, found[0].unit):
        yield _refusal(
            one, "unit_differs", f"lines.{place}.unit", "Item {code} is ordered by {asked} and listed by {listed}.",
            "Agree with the sender on how it is counted.", code=found[0].code, asked=line.unit, listed=found[0].unit,
        )  # fmt: skip


def _refusal(one: Incoming, code: str, field: str, says: str, do: str, /, **values: object) -> Refusal:
    return Refusal(code=code, says=says, do=do, field=field, index=one.index, values=values)


def is_same_unit(asked: str, listed: str) -> bool:
    """Whether a quantity in one is the same quantity in the other."""
    mine, theirs = asked.strip().casefold().rstrip("."), listed.strip().casefold().rstrip(".")
    if not mine or mine == theirs:
        return True
    if any({mine, theirs} <= words for words in SAME_UNIT):
        return True
    return not theirs or (mine in PIECE and theirs in ONE_OF_IT)
