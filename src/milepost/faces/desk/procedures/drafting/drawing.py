"""A form as its page shows it: every field with its name, label, help, options, what was typed, and what is wrong there. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from milepost.faces.desk.procedures.drafting import leaves
from milepost.faces.desk.procedures.drafting.known import with_this
from milepost.faces.desk.procedures.drafting.labels import help_of, label, unit
from milepost.faces.desk.procedures.drafting.leaves import Known, Options
from milepost.faces.desk.procedures.drafting.shapes import Declared, Field, Record, Rows, Shape, Week
from milepost.faces.look.code_names import named_code
from milepost.kernel.refusals import Refusal

MOST_IN_A_TABLE = 5
MOST_OPEN = 2
Wrong = Mapping[str, Sequence[Refusal]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A field, or a group of fields. `widget` names its template."""

    widget: str
    name: str
    label: str
    help: str = ""
    unit: str = ""
    value: Any = ""
    options: Options = ()
    suggestions: str = ""
    wrong: Sequence[Refusal] = ()
    needed: bool = True
    parts: "tuple[Node, ...]" = ()
    rows: "tuple[RowNode, ...]" = ()
    head: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The id of the field."""
        return f"f-{self.name.replace('.', '-')}"

    @property
    def is_top(self) -> bool:
        """Whether it stands in the document itself, rather than in a row."""
        return self.name.count(".") == 1

    @property
    def is_all_open(self) -> bool:
        """Whether no row needs the heads of the columns."""
        return self.widget == "rows" and all(one.is_open for one in self.rows)

    @property
    def is_source(self) -> bool:
        """Whether it is code rather than words."""
        return self.name.endswith(".mjml")

    @property
    def others(self) -> list[str]:
        """Of what is ticked, what is not among the options."""
        return [one for one in self.value if one not in dict(self.options)]

    @property
    def about(self) -> str:
        """The ids of what is said about the field, for aria-describedby."""
        return " ".join(f"{self.id}-{part}" for part, there in (("help", self.help), ("wrong", self.wrong)) if there)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowNode:
    """A row of a list: open as fields, or closed as words, with all of it kept as it was typed."""

    name: str
    title: str
    is_open: bool
    kept: str = ""
    cells: tuple[tuple[str, str], ...] = ()
    key: Node | None = None
    parts: tuple[Node, ...] = ()
    wrong: Sequence[Refusal] = ()

    @property
    def id(self) -> str:
        """The id of the row."""
        return f"r-{self.name.replace('.', '-')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What all fields of a form need to be drawn."""

    known: Known
    wrong: Wrong

    def draw(
        self, shape: Shape, typed: Any, *, place: str, name: str, cls: type | None = None, needed: bool = True
    ) -> Node:
        """The node of a shape."""
        said: dict[str, Any] = {
            "name": name,
            "label": label(place),
            "wrong": self.wrong.get(name, ()),
            "needed": needed,
        }
        said["help"] = help_of(place, cls)
        match shape:
            case Record():
                return Node(widget="record", parts=self.fields(shape, typed, name), **said)
            case Week():
                return Node(widget="week", parts=self._days(shape, typed, name), **said)
            case Rows():
                return self._rows(shape, typed, place, said)
            case leaves.Pair():
                return Node(widget="pair", value=typed, unit=unit(place), **said)
            case leaves.Picks():
                return Node(widget="picks", value=self._picked(shape, typed), **said)
            case Declared():
                return Node(widget="variables", options=tuple(shape.vocabulary.items()), value=typed, **said)
        return self._leaf(shape, typed, place, said)

    def fields(self, shape: Record, typed: Mapping[str, Any], name: str) -> tuple[Node, ...]:
        """The nodes of a record's fields."""
        return tuple(
            self.draw(
                one.shape, typed[one.name], place=f"{shape.cls.__name__}.{one.name}", cls=shape.cls,
                name=f"{name}.{one.name}" if name else one.name, needed=is_needed(one.shape),
            )
            for one in shape.fields
        )  # fmt: skip

    def _leaf(self, shape: Shape, typed: Any, place: str, said: dict[str, Any]) -> Node:
        match shape:
            case leaves.Choice(values=values):
                options = [(str(one), named_code(str(one)) or "–") for one in values]
                return Node(widget="select", value=typed, options=with_this(options, typed), **said)
            case leaves.Text(source=source, free=False) if source:
                options = [("", "–"), *with_this(self.known.get(source, ()), typed)]
                return Node(widget="select", value=typed, options=options, **said)
            case leaves.Series(of=leaves.Number()):
                return Node(widget="text", value=typed, unit=unit(place), **said)
            case leaves.Text(source=source, long=long):
                return Node(widget="long" if long else "text", value=typed, suggestions=source, **said)
            case leaves.Flag():
                return Node(widget="flag", value=typed, **said)
            case leaves.Number():
                return Node(widget="number", value=typed, unit=unit(place), **said)
            case leaves.Series(lines=True):
                return Node(widget="long", value=typed, **said)
            case leaves.Day():
                return Node(widget="day", value=typed, **said)
            case leaves.Clocktime():
                return Node(widget="time", value=typed, **said)
        return Node(widget="text", value=typed, **said)

    def _days(self, shape: Week, typed: Mapping[str, Any], name: str) -> tuple[Node, ...]:
        return tuple(
            Node(
                widget="text", name=f"{name}.{day}", label=named_code(day), value=typed[day], needed=False,
                wrong=self.wrong.get(f"{name}.{day}", ()),
            )
            for day in shape.days
        )  # fmt: skip

    def _picked(self, shape: leaves.Picks, typed: Sequence[str]) -> list[tuple[str, list[tuple[str, str]]]]:
        """Each choice with what there is to choose from, and one more for another."""
        options: Options = [(one, named_code(one)) for one in shape.values] or self.known.get(shape.source, ())
        room = [*typed, ""] if not shape.values or len(typed) < len(shape.values) else typed
        return [(one, with_this(options, one)) for one in room]

    def _rows(self, shape: Rows, typed: Sequence[Mapping[str, Any]], place: str, said: dict[str, Any]) -> Node:
        is_table = fits_in_a_table(shape.of)
        rows = tuple(self._row(shape, one, f"{said['name']}.{n}", place, is_table) for n, one in enumerate(typed))
        head = tuple(text for text, _place in (_fields(shape, place) if is_table else _columns(shape, place)))
        return Node(widget="table" if is_table else "rows", rows=rows, head=head, **said)

    def _row(self, shape: Rows, one: Mapping[str, Any], name: str, place: str, is_table: bool) -> RowNode:
        value, is_record = f"{name}.value", isinstance(shape.of, Record)
        is_open = is_table or one["open"] or any(key == name or key.startswith(f"{name}.") for key in self.wrong)
        key: Node | None = None
        parts: tuple[Node, ...] = ()
        if shape.key is not None and is_open:
            key = self.draw(shape.key, one["key"], place=f"{place}.key", name=f"{name}.key")
        if is_open:
            parts = self._parts(shape.of, one["value"], place, value)
        return RowNode(
            name=name, title=self.title(shape, one), is_open=is_open, kept="" if is_open else orjson.dumps(one).decode(),
            cells=() if is_open else self._cells(shape, one, place), key=key, parts=parts,
            wrong=(*self.wrong.get(name, ()), *(self.wrong.get(value, ()) if is_record else ())),
        )  # fmt: skip

    def _parts(self, shape: Shape, typed: Any, place: str, name: str) -> tuple[Node, ...]:
        if isinstance(shape, Record):
            return self.fields(shape, typed, name)
        return (self.draw(shape, typed, place=f"{place}.value" if isinstance(shape, Rows) else place, name=name),)

    def title(self, shape: Rows, one: Mapping[str, Any]) -> str:
        """What a row is called."""
        if shape.key is not None:
            return shape.key.brief(one["key"], self.known)
        if not isinstance(shape.of, Record):
            return shape.of.brief(one["value"], self.known)
        names = NAMED_BY.get(shape.of.cls.__name__, (shape.of.fields[0].name,))
        fields = (field for field in shape.of.fields if field.name in names)
        said = (field.shape.brief(one["value"][field.name], self.known) for field in fields)
        return ", ".join(text for text in said if text)

    def _cells(self, shape: Rows, one: Mapping[str, Any], place: str) -> tuple[tuple[str, str], ...]:
        """The cells of a closed row, each with the head of its column."""
        key = [shape.key.brief(one["key"], self.known)] if shape.key else []
        if isinstance(shape.of, Record):
            said = [
                with_unit(
                    field.shape.brief(one["value"][field.name], self.known), f"{shape.of.cls.__name__}.{field.name}"
                )
                for field in _shown(shape.of)
            ]
        else:
            said = [shape.of.brief(one["value"], self.known)]
        return tuple((head, text) for (head, _place), text in zip(_columns(shape, place), [*key, *said], strict=True))


NAMED_BY: Mapping[str, tuple[str, ...]] = {"MatrixRow": ("fact", "audience"), "SegmentPrice": ("sender", "prefix")}
"""The fields by which people know a row; of others the first."""
IN_CELLS: Mapping[str, tuple[str, ...]] = {
    "MatrixRow": ("fact", "audience", "channels", "template", "timing", "when"),
    "Clock": ("kind", "hours", "working_time", "role", "ladder"), "CheckRule": ("check", "blocking", "role"),
    "CalendarSheet": ("zone", "week"), "RoleSheet": ("name", "responsibilities"),
}  # fmt: skip
"""The columns of rows that have many fields."""


def _shown(record: Record) -> list[Field]:
    by_name = {one.name: one for one in record.fields}
    return [by_name[name] for name in IN_CELLS.get(record.cls.__name__, by_name)]


def _columns(shape: Rows, place: str) -> list[tuple[str, str]]:
    """The columns of closed rows: what each is called, and its place."""
    return _heads(shape, place, _shown(shape.of) if isinstance(shape.of, Record) else ())


def _fields(shape: Rows, place: str) -> list[tuple[str, str]]:
    """The columns of rows whose fields stand in the table."""
    return _heads(shape, place, shape.of.fields if isinstance(shape.of, Record) else ())


def _heads(shape: Rows, place: str, fields: Sequence[Field]) -> list[tuple[str, str]]:
    places = [f"{place}.key"] if shape.key else []
    if isinstance(shape.of, Record):
        places += [f"{shape.of.cls.__name__}.{one.name}" for one in fields]
    else:
        places += [place]
    return [(label(one), one) for one in places]


def with_unit(text: str, place: str) -> str:
    """A number with its unit."""
    return f"{text} {unit(place)}" if text and unit(place) else text


def fits_in_a_table(shape: Shape) -> bool:
    """Whether the fields of a row stand in its cells, rather than in a form of their own."""
    if isinstance(shape, Record):
        return len(shape.fields) <= MOST_IN_A_TABLE and all(_is_leaf(one.shape) for one in shape.fields)
    return _is_leaf(shape)


def _is_leaf(shape: Shape) -> bool:
    return not isinstance(shape, Record | Rows | Week | Declared)


def is_needed(shape: Shape) -> bool:
    """Whether a field must be filled in."""
    match shape:
        case leaves.Text(may_be_empty=empty):
            return not empty
        case leaves.Number(optional=optional):
            return not optional
        case leaves.Series() | leaves.Picks():
            return False
    return True


def opened(shape: Shape, typed: Any) -> None:
    """Open what is short enough to be seen at once, in a form that nobody has touched yet."""
    if isinstance(shape, Record):
        for one in shape.fields:
            opened(one.shape, typed[one.name])
    if isinstance(shape, Rows):
        for one in typed:
            one["open"] = len(typed) <= MOST_OPEN or isinstance(shape.of, Rows)
            opened(shape.of, one["value"])
