"""What is different between two versions of a document, as people read it: where, what stood there, what stands there now. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from milepost.faces.desk.procedures.drafting.drawing import NAMED_BY, with_unit
from milepost.faces.desk.procedures.drafting.labels import label
from milepost.faces.desk.procedures.drafting.leaves import Known
from milepost.faces.desk.procedures.drafting.making import form_of
from milepost.faces.desk.procedures.drafting.shapes import Record, Rows, Shape, Week
from milepost.faces.look.code_names import named_code
from milepost.faces.look.sheets import COMPILED
from milepost.ground.procedures.rules import read
from milepost.kernel.refusals import Refused

Typed = Any


@dataclass(frozen=True, slots=True)
class Change:
    """One place that is different."""

    mark: Literal["added", "removed", "changed"]
    where: tuple[str, ...]
    old: str = ""
    new: str = ""


def source_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """What people wrote of a body."""
    return {name: value for name, value in body.items() if name != COMPILED}


def changed(kind: str, before: Mapping[str, Any], after: Mapping[str, Any], names: Known) -> list[Change] | None:
    """What one body says otherwise than another; None where one of them cannot be read."""
    try:
        old, new = read(kind, source_of(before)), read(kind, source_of(after))
    except Refused:
        return None
    shape = form_of(kind)
    return changes(shape, shape.filled(old), shape.filled(new), names)


def changes(shape: Record, before: Typed, after: Typed, known: Known) -> list[Change]:
    """Every place at which two documents of one kind differ, as they would be typed."""
    return list(_Comparing(known).fields(shape, before, after, ()))


@dataclass(frozen=True, slots=True)
class _Comparing:
    known: Known

    def fields(self, shape: Record, before: Typed, after: Typed, where: tuple[str, ...]) -> Iterator[Change]:
        for one in shape.fields:
            place = f"{shape.cls.__name__}.{one.name}"
            yield from self.between(one.shape, before[one.name], after[one.name], place, (*where, label(place)))

    def between(
        self, shape: Shape, before: Typed, after: Typed, place: str, where: tuple[str, ...]
    ) -> Iterator[Change]:
        if before == after:
            return
        match shape:
            case Record():
                yield from self.fields(shape, before, after, where)
            case Rows():
                yield from self._rows(shape, before, after, place, where)
            case Week():
                for day in shape.days:
                    yield from self.between(shape.of, before[day], after[day], place, (*where, named_code(day)))
            case _:
                old, new = (with_unit(shape.brief(one, self.known), place) for one in (before, after))
                yield Change("changed", where, old, new)

    def _rows(self, shape: Rows, before: Typed, after: Typed, place: str, where: tuple[str, ...]) -> Iterator[Change]:
        top = where[:-1] if len(where) == 1 else where
        for old, new in _paired(shape, before, after):
            row = new if new is not None else old
            here = (*top, self._title(shape, row or {}))
            if old is None:
                yield Change("added", here, "", shape.of.brief(row["value"], self.known) if row else "")
            elif new is None:
                yield Change("removed", here, shape.of.brief(old["value"], self.known), "")
            else:
                yield from self.between(shape.of, old["value"], new["value"], place, here)

    def _title(self, shape: Rows, row: Mapping[str, Any]) -> str:
        if shape.key is not None:
            return shape.key.brief(row["key"], self.known)
        if not isinstance(shape.of, Record):
            return ""
        fields = (one for one in shape.of.fields if one.name in _names(shape.of))
        return ", ".join(with_unit(one.shape.brief(row["value"][one.name], self.known), "") for one in fields)


def _names(record: Record) -> tuple[str, ...]:
    return NAMED_BY.get(record.cls.__name__, (record.fields[0].name,))


Row = Mapping[str, Any]


def _paired(shape: Rows, before: Sequence[Row], after: Sequence[Row]) -> Iterator[tuple[Row | None, Row | None]]:
    """Rows that belong together: those that are alike first, then those of the same name, in their order; the others alone."""
    old, new = [_identity(shape, one) for one in before], [_identity(shape, one) for one in after]
    spelled = [[repr(one["key"]) + repr(one["value"]) for one in rows] for rows in (before, after)]
    alike = {}
    for block in SequenceMatcher(None, spelled[0], spelled[1], autojunk=False).get_matching_blocks():
        alike.update({block.b + n: block.a + n for n in range(block.size)})
    free = [n for n in range(len(before)) if n not in alike.values()]
    for place, name in enumerate(new):
        if place in alike:
            continue
        match = next((n for n in free if old[n] == name), None)
        if match is not None:
            free.remove(match)
        yield (before[match] if match is not None else None), after[place]
    yield from ((before[n], None) for n in free)


def _identity(shape: Rows, row: Row) -> Any:
    if shape.key is not None:
        return row["key"]
    if not isinstance(shape.of, Record):
        return repr(row["value"])
    return tuple(row["value"][name] for name in _names(shape.of))
