"""Refusals: what was wrong, where, and what to do, as part of the interface."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One reason why a command was not carried out.

    `code` is for machines and never changes; `says` and `do` are sentences for people with places for `values`;
    `field` and `index` point into what was sent; `status` is the HTTP status a face answers with.
    """

    code: str
    says: str
    do: str = ""
    status: int = 422
    field: str = ""
    index: int | None = None
    values: dict[str, Any] = attribute(default_factory=dict)

    @property
    def sentence(self) -> str:
        """What was wrong."""
        return self.says.format_map(self.values) if self.values else self.says

    @property
    def next_step(self) -> str:
        """What the person can do now."""
        return self.do.format_map(self.values) if self.values else self.do

    def at(self, *, index: int | None = None, field: str | None = None) -> "Refusal":
        """The same refusal, pointing at a place in the batch."""
        return replace(self, index=self.index if index is None else index, field=self.field if field is None else field)


class Refused(Exception):
    """Raised by commands: one or many refusals, and nothing was written."""

    def __init__(self, *refusals: Refusal) -> None:
        if not refusals:
            raise ValueError("a refusal needs a reason")
        self.refusals = refusals
        super().__init__("; ".join(refusal.sentence for refusal in refusals))

    @property
    def status(self) -> int:
        """The HTTP status of the whole: that of the first refusal."""
        return self.refusals[0].status


def refuse_any(refusals: Iterable[Refusal]) -> None:
    """Raise all refusals at once, or pass when there are none."""
    found = tuple(refusals)
    if found:
        raise Refused(*found)
