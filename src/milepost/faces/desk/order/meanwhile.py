"""What somebody else did with an order while one looked at it: fact by fact, and of what was amended field by field."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from milepost.faces.desk.people import People
from milepost.faces.look.sentences import told_plainly
from milepost.ground.journal import queries as journal
from milepost.ground.journal.queries import Retold
from milepost.way.orders import queries as orders
from milepost.way.orders.words import AmendedCard

AT_MOST = 20


@dataclass(frozen=True, slots=True)
class Changed:
    """A field that is another now."""

    field: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Happened:
    """One fact that was not seen, who made it so and when, and which fields it changed."""

    says: str
    by: str
    at: datetime
    changed: Sequence[Changed] = ()
    followed: bool = False


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What happened since somebody looked, oldest first; `more` of it is not listed."""

    facts: Sequence[Happened]
    more: int = 0

    @property
    def last(self) -> Happened | None:
        """What somebody did last, rather than what followed from it."""
        return next((one for one in reversed(self.facts) if not one.followed), self.facts[-1] if self.facts else None)

    @property
    def others(self) -> int:
        """How much else was done, without what followed from it."""
        return max(sum(not one.followed for one in self.facts) - 1, 0) + self.more


@dataclass(frozen=True, slots=True)
class NoLonger:
    """A verb that can be said no longer, and what was typed with it."""

    verb: Any
    typed: Sequence[tuple[str, str]]


def since(order_id: int, sequence: int, named: People, *, kinds: Collection[str] = ()) -> Meanwhile:
    """What happened to an order after a fact of its story; what followed from an act is told with it. Two statements at most."""
    told = journal.chapter(order_id, kinds=sorted(kinds), after=sequence, newest_first=False)
    amended: dict[str, list[Changed]] = {}
    if any(one.told.kind == "OrderAmended" for one in told):
        amended = _by_amendment(orders.amendments(order_id))
    shown = [one for one in told if one.told.kind != "LineAmended"]
    facts = [_happened(one, named, amended) for one in shown[-AT_MOST:]]
    return Meanwhile(facts, more=max(len(shown) - AT_MOST, 0))


def _happened(one: Retold, named: People, amended: Mapping[str, Sequence[Changed]]) -> Happened:
    told = one.told
    changed = amended.get(str(told.data.get("amendment_id", "")), ()) if told.kind == "OrderAmended" else ()
    says = _("Order amended") if changed else told_plainly(told)
    return Happened(says, named.name(told.actor), told.occurred_at, changed, one.cause is not None)


def _by_amendment(rows: Sequence[AmendedCard]) -> dict[str, list[Changed]]:
    found: dict[str, list[Changed]] = {}
    for row in rows:
        found.setdefault(str(row.amendment_id), []).append(Changed(field_in_words(row.field), row.was, row.now))
    return found


_LINE = re.compile(r"lines\.(\d+)\.(\w+)")
_CONTACT = re.compile(r"contacts\.(\d+)(?:\.\w+)?")


def field_in_words(field: str) -> str:
    """The name of a field of an order as people call it: `lines.2.quantity` reads “Line 2, quantity”."""
    from milepost.faces.desk.order.amending import LABELS, OF_A_LINE  # they show pages, and pages show this

    if found := _LINE.fullmatch(field):
        what = str(OF_A_LINE.get(found[2], found[2].replace("_", " "))).lower()
        return _("Line %(number)s, %(what)s") % {"number": found[1], "what": what}
    if found := _CONTACT.fullmatch(field):
        return _("Contact %(number)s") % {"number": found[1]}
    return str(LABELS.get(field, field.replace("_", " ").capitalize()))


def typed_words(form: Any) -> list[tuple[str, str]]:
    """What somebody typed into a form that is offered no longer."""
    return [
        (str(bound.label), str(bound.data)) for bound in form
        if not bound.is_hidden and isinstance(bound.data, str) and bound.data and bound.field.has_changed(bound.initial, bound.data)
    ]  # fmt: skip
