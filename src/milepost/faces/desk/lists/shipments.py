"""The list of shipments."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from milepost.faces.desk import places
from milepost.faces.desk.lists.known import carrier_name, carriers, orders_of
from milepost.faces.desk.lists.said import later, time_text, words
from milepost.faces.desk.lists.words import Column, Filter, Listing, Page
from milepost.overview.finding import about_orders
from milepost.overview.finding.words import Place
from milepost.way.fulfilment import queries
from milepost.way.fulfilment.words import ShipmentCard, State
from milepost.way.orders.queries import Contact


@dataclass(frozen=True, slots=True)
class Row:
    """A shipment with its order and the name of its carrier."""

    shipment: ShipmentCard
    about: Contact | None
    carrier: str

    @property
    def key(self) -> str:
        """Its number here."""
        return str(self.shipment.id)

    @property
    def reference(self) -> str:
        """Its order."""
        return self.about.reference if self.about else ""

    @property
    def href(self) -> str:
        """The order's page, at its parcels."""
        return f"{reverse('desk:order', args=[self.reference])}#parcels" if self.about else ""

    @property
    def numbers(self) -> str:
        """The tracking numbers of its parcels."""
        return ", ".join(parcel.tracking_number for parcel in self.shipment.parcels if parcel.tracking_number)


def read(search: Mapping[str, str], after: str, limit: int) -> Page:
    """Shipments, the one packed last first. At most eighteen statements."""
    place = places.instant_and_number(after)
    shown = search.get("show", "")
    found = about_orders.shipments(
        text=search.get("q", ""), state=search.get("state", ""), open_only=shown == "open" or not (shown or "q" in search),
        after=Place(*place) if place else None, limit=limit,
    )  # fmt: skip
    cards, known = queries.these(found.ids), carriers()
    about = orders_of(card.order_id for card in cards)
    rows = [Row(card, about.get(card.order_id), carrier_name(card.carrier, known)) for card in cards]
    return Page(rows, places.spell(*found.next) if found.next else "")


SHIPMENTS = Listing(
    name="shipments", title=_("Shipments"), permission="fulfilment.read", read=read,
    placeholder=_("Tracking number, order, shop number, PO, name, e-mail, phone, item"),
    none=_("No shipment is like that. Search by tracking number, or by anything that finds its order."),
    empty="desk/lists/no_shipments.html",
    filters=(
        Filter("state", _("Where it is"), (("", _("Anywhere")), *((one.value, later(one)) for one in State))),
        Filter(
            "show", _("Show"),
            (
                ("", _("Under way; a search finds all")), ("open", _("Only under way")),
                ("all", _("All")),
            ),
        ),
    ),
    columns=(
        Column("order", _("Order"), lambda row: row.reference, leads=True),
        Column("customer", _("Customer"), lambda row: row.about.name if row.about else ""),
        Column("state", _("Where it is"), lambda row: words(row.shipment.state), "desk/lists/shipment_state.html"),
        Column("carrier", _("Carrier"), lambda row: row.carrier),
        Column("numbers", _("Tracking numbers"), lambda row: row.numbers, "desk/lists/shipment_numbers.html"),
        Column(
            "parcels", _("Parcels"), lambda row: str(len(row.shipment.parcels)), number=True,
            value=lambda row: len(row.shipment.parcels),
        ),
        Column(
            "packed", _("Packed"), lambda row: time_text(row.shipment.packed_at), "desk/lists/shipment_packed.html",
            value=lambda row: row.shipment.packed_at,
        ),
        Column(
            "shipped", _("Handed over"), lambda row: time_text(row.shipment.shipped_at), "desk/lists/shipment_shipped.html",
            value=lambda row: row.shipment.shipped_at,
        ),
        Column(
            "delivered", _("Delivered"), lambda row: time_text(row.shipment.delivered_at), on_page=False,
            value=lambda row: row.shipment.delivered_at,
        ),
    ),
)  # fmt: skip
