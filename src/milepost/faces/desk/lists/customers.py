"""The list of customers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from milepost.faces.desk import places
from milepost.faces.desk.lists.said import time_text
from milepost.faces.desk.lists.words import Column, Filter, Listing, Page
from milepost.ground.parties import queries
from milepost.ground.parties.words import CustomerCard
from milepost.overview.finding.customers_and_items import customers
from milepost.overview.finding.words import Place
from milepost.way.orders import queries as orders


@dataclass(frozen=True, slots=True)
class Row:
    """A customer with their last order."""

    customer: CustomerCard
    last: tuple[str, datetime] | None

    @property
    def key(self) -> str:
        """Their number here."""
        return str(self.customer.id)

    @property
    def href(self) -> str:
        """Their page."""
        return reverse("desk:customer", args=[self.customer.id])

    @property
    def name(self) -> str:
        """Their name, or by what else they are known."""
        return self.customer.name or self.customer.email or self.customer.external_ref or self.key


def read(search: Mapping[str, str], after: str, limit: int) -> Page:
    """Customers, the newest first. At most twelve statements."""
    place = places.instant_and_number(after)
    found = customers(
        text=search.get("q", ""), blocked="show" in search, after=Place(*place) if place else None, limit=limit
    )
    cards, latest = queries.cards(found.ids), orders.latest_of(found.ids)
    rows = [Row(cards[one], latest.get(one)) for one in found.ids if one in cards]
    return Page(rows, places.spell(*found.next) if found.next else "")


CUSTOMERS = Listing(
    name="customers", title=_("Customers"), permission="customers.read", read=read,
    placeholder=_("Name, e-mail, phone, number of the shop"),
    none=_("No customer is like that. Search by name, e-mail address, any part of the phone number, or the shop’s number."),
    empty="desk/lists/no_customers.html",
    filters=(
        Filter("show", _("Show"), (("", _("All")), ("blocked", _("Only blocked")))),
    ),
    columns=(
        Column("name", _("Name"), lambda row: row.name, "desk/lists/customer_name.html", leads=True),
        Column("email", _("E-mail"), lambda row: row.customer.email),
        Column("phone", _("Phone"), lambda row: row.customer.phone),
        Column("external_ref", _("Number of the shop"), lambda row: row.customer.external_ref),
        Column("last_order", _("Last order"), lambda row: row.last[0] if row.last else "", "desk/lists/customer_last.html"),
        Column(
            "last_at", _("Received"), lambda row: time_text(row.last[1] if row.last else None), "desk/lists/customer_at.html",
            value=lambda row: row.last[1] if row.last else None,
        ),
    ),
)  # fmt: skip
