"""A form in which an order is typed, as it stands: its fields and rows, and what its buttons make of them. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from milepost.faces.look.basket import LONGEST, TypedLine, fields_of, read_lines, renumbered
from milepost.faces.look.typed_order import of_address
from milepost.way.intake.words import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """Fields by name, rows, and the token under which the form is sent once."""

    token: UUID
    fields: Mapping[str, str]
    lines: Sequence[TypedLine] = ()

    @classmethod
    def read(cls, posted: Mapping[str, str], names: Iterable[str], token: UUID | None = None) -> "Typed":
        """What was posted, or kept. A form without a token that makes sense gets a new one."""
        fields = {name: str(posted.get(name, ""))[:LONGEST] for name in names}
        return cls(token=token or token_in(posted.get("token", "")) or uuid4(), fields=fields, lines=read_lines(posted))

    def as_fields(self) -> dict[str, str]:
        """All of it, field by field, as it was typed."""
        return {name: value for name, value in self.fields.items() if value} | fields_of(self.lines)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed yet."""
        return not self.as_fields()

    def but(self, **fields: str) -> "Typed":
        """The same form with other words in some fields."""
        return replace(self, fields={**self.fields, **fields})

    def with_lines(self, lines: Sequence[TypedLine]) -> "Typed":
        """The same form with other rows."""
        return replace(self, lines=lines)

    def drawn_anew(self) -> "Typed":
        """The form with its rows numbered from 0."""
        return self.with_lines(renumbered(self.lines))

    @property
    def customer(self) -> int:
        """The number of the customer who was chosen from the record, or 0."""
        return number_in(self.fields.get("customer_id", ""))

    @property
    def first_free(self) -> str:
        """The name of the first field of the empty row below the others."""
        return f"line-{len(self.lines)}-item"

    def place_of(self, row: str) -> int:
        """The number that a row has when the form is drawn anew; that of the empty one for a row that is not there."""
        return next((now for now, line in enumerate(self.lines) if str(line.place) == row), len(self.lines))


def token_in(text: str) -> UUID | None:
    """The token that a form says it has, or None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def number_in(text: str) -> int:
    """A number that the database can hold, or 0."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


Change = Callable[[Typed, str], tuple[Typed, str]]
"""What a button does to the form: the form after it, and the name of the field that comes next."""


def after(typed: Typed, do: str, changes: Mapping[str, Change]) -> tuple[Typed, str]:
    """The form after a button, by the button's value "verb:what"; one that is not known changes nothing."""
    verb, _colon, what = do.partition(":")
    change = changes.get(verb)
    return change(typed, what) if change else (typed, "")


def with_address(typed: Typed, which: str, known: Sequence[Address]) -> tuple[Typed, str]:
    """The form with one of the known addresses filled in."""
    if not which.isdecimal() or number_in(which) >= len(known):
        return typed, "ship_name"
    return typed.but(**of_address(known[number_in(which)])), "service"


def _use_item(typed: Typed, what: str) -> tuple[Typed, str]:
    row, _colon, code = what.partition(":")
    lines = [replace(line, item=code) if str(line.place) == row else line for line in typed.lines]
    return typed.with_lines(lines), f"line-{typed.place_of(row)}-quantity"


def _find_item(typed: Typed, what: str) -> tuple[Typed, str]:
    return typed, f"line-{typed.place_of(what)}-match"


def _remove(typed: Typed, what: str) -> tuple[Typed, str]:
    left = [line for line in typed.lines if str(line.place) != what]
    return typed.with_lines(left), f"line-{min(typed.place_of(what), len(left))}-item"


def _add_line(typed: Typed, what: str) -> tuple[Typed, str]:
    return typed, typed.first_free


OF_LINES: Mapping[str, Change] = {
    "use_item": _use_item, "find_item": _find_item, "remove": _remove, "add_line": _add_line,
}  # fmt: skip
