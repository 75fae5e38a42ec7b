"""The list of exceptions: delays, losses and returns, with what is known of each."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from milepost.faces.desk import places
from milepost.faces.desk.lists.known import orders_of
from milepost.faces.desk.lists.said import date_text, later, time_text, words
from milepost.faces.desk.lists.words import Column, Filter, Listing, Page
from milepost.overview.finding import about_orders
from milepost.overview.finding.words import Place
from milepost.way.cases import queries
from milepost.way.cases.words import CaseCard, CaseKind
from milepost.way.orders.queries import Contact


@dataclass(frozen=True, slots=True)
class Row:
    """A case with its order."""

    case: CaseCard
    about: Contact | None

    @property
    def key(self) -> str:
        """Its id."""
        return str(self.case.id)

    @property
    def reference(self) -> str:
        """Its order."""
        return self.about.reference if self.about else ""

    @property
    def href(self) -> str:
        """The order's page."""
        return reverse("desk:order", args=[self.reference]) if self.about else ""


def read(search: Mapping[str, str], after: str, limit: int) -> Page:
    """Cases, the one found last first. At most fifteen statements."""
    place = places.instant_and_number(after)
    shown = search.get("show", "")
    found = about_orders.exceptions(
        text=search.get("q", ""), kind=search.get("kind", ""), open_only=shown == "open" or not (shown or "q" in search),
        after=Place(*place) if place else None, limit=limit,
    )  # fmt: skip
    cards = queries.these(found.ids)
    about = orders_of(card.order_id for card in cards)
    return Page(
        [Row(card, about.get(card.order_id)) for card in cards], places.spell(*found.next) if found.next else ""
    )


def _found(row: Row) -> str:
    return words(row.case.sign or row.case.found_by)


EXCEPTIONS = Listing(
    name="exceptions", title=_("Exceptions"), permission="cases.read", read=read,
    placeholder=_("Order, tracking number, shop number, PO, name, e-mail, phone, item"),
    none=_("No exception is like that. Search by anything that finds its order."),
    empty="desk/lists/no_exceptions.html",
    filters=(
        Filter("kind", _("What happened"), (("", _("Anything")), *((one.value, later(one)) for one in CaseKind))),
        Filter(
            "show", _("Show"),
            (("", _("Open; a search finds all")), ("open", _("Only open")), ("all", _("All"))),
        ),
    ),
    columns=(
        Column("order", _("Order"), lambda row: row.reference, leads=True),
        Column("customer", _("Customer"), lambda row: row.about.name if row.about else ""),
        Column("kind", _("What happened"), lambda row: words(row.case.kind), "desk/lists/case_kind.html"),
        Column("cause", _("Cause"), lambda row: words(row.case.cause)),
        Column("sign", _("Found by"), _found),
        Column(
            "was", _("Promised by"), lambda row: date_text(row.case.due_was), "desk/lists/case_was.html",
            value=lambda row: row.case.due_was,
        ),
        Column(
            "now", _("Expected by"), lambda row: date_text(row.case.new_latest_on), "desk/lists/case_now.html",
            value=lambda row: row.case.new_latest_on,
        ),
        Column(
            "found", _("Since"), lambda row: time_text(row.case.found_at), "desk/lists/case_found.html",
            value=lambda row: row.case.found_at,
        ),
        Column("outcome", _("How it ended"), lambda row: words(row.case.outcome or ""), on_page=False),
    ),
)  # fmt: skip
