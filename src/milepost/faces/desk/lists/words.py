"""What a list of the desk is: columns, filters, a search, and pages that follow each other by keyset.

One view and one template show them all. A page is one bounded read: nothing here counts, and no list is read whole.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

ON_ONE_PAGE = 50
LONGEST = 200
Label = Any
"""A sentence for people, translated when it is shown."""


class Row(Protocol):
    """One row: `key` names it in forms and bulk acts, `href` leads to what it is about (empty: nowhere)."""

    @property
    def key(self) -> str: ...
    @property
    def href(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and the place after which the next page begins; empty where there is none."""

    rows: Sequence[Any]
    next: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: as text for files, on the page by a small template that is given `row`, else the text.

    `leads`: the text is the link to what the row is about. `number`: set to the right. Not `on_page`: only in files.
    """

    key: str
    label: Label
    text: Callable[[Any], str]
    template: str = ""
    leads: bool = False
    number: bool = False
    on_page: bool = True
    value: Callable[[Any], Any] | None = None
    """As a number, a day or an instant, for the cells of a workbook; without it, they get the text."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One choice by which a list is narrowed; the first is what is shown unless said otherwise.

    Without choices it stands in the address only (a customer's orders, say), kept while it `holds`.
    """

    key: str
    label: Label
    choices: Sequence[tuple[str, Label]] = ()
    holds: Callable[[str], bool] = lambda value: False

    def cleaned(self, value: str) -> str:
        """What was chosen, or nothing where no such choice is there."""
        if self.choices:
            return value if value in dict(self.choices) else ""
        return value if self.holds(value) else ""


Reader = Callable[[Mapping[str, str], str, int], Page]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list. `read` takes the search (cleaned), the place and the limit; `meant` answers the address that a text names for sure.

    `address` is where it stands under /desk/, `view` the name of its route. `empty` is a template that teaches where nothing is
    there yet; `placeholder` says what the search finds.
    """

    name: str
    title: Label
    permission: str
    columns: Sequence[Column]
    read: Reader
    filters: Sequence[Filter] = ()
    placeholder: Label = ""
    none: Label = ""
    empty: str = ""
    tools: str = ""
    address: str = ""
    view: str = ""
    meant: Callable[[str], str] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def cleaned(self, asked: Mapping[str, Any]) -> dict[str, str]:
        """The search in what an address or a form says: `q` and the filters, only what is there."""
        chosen = {"q": str(asked.get("q", "")).replace("\x00", "").strip()[:LONGEST]}
        chosen |= {one.key: one.cleaned(str(asked.get(one.key, ""))) for one in self.filters}
        return {key: value for key, value in chosen.items() if value}

    def page(self, search: Mapping[str, str], after: str = "", limit: int = ON_ONE_PAGE) -> Page:
        """The rows after a place, at most `limit`. A made-up place is as good as none."""
        return self.read(search, after, limit)

    @property
    def shown(self) -> list[Column]:
        """The columns of the page; files have the others, too."""
        return [one for one in self.columns if one.on_page]

    @property
    def route(self) -> str:
        """The name of its route, for `url`."""
        return f"desk:{self.view or self.name}"

    @property
    def path(self) -> str:
        """Where it stands under /desk/."""
        return self.address or f"lists/{self.name}/"
