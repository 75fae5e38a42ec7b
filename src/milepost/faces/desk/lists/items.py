"""The list of items and their stock."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from milepost.faces.desk import places
from milepost.faces.desk.lists.words import Column, Filter, Listing, Page
from milepost.faces.look.templatetags.look import quantity
from milepost.ground.catalog import queries
from milepost.ground.catalog.words import ItemCard
from milepost.overview.finding.customers_and_items import FIRST, items
from milepost.overview.finding.words import Place
from milepost.way.stock import queries as stock
from milepost.way.stock.words import Availability


@dataclass(frozen=True, slots=True)
class Row:
    """An item with what lies there, and what orders wait for."""

    item: ItemCard
    stock: Availability
    short: Decimal

    @property
    def key(self) -> str:
        """Its code."""
        return self.item.code

    @property
    def href(self) -> str:
        """Its page."""
        return reverse("desk:item", args=[self.item.id])


def read(search: Mapping[str, str], after: str, limit: int) -> Page:
    """Items by code. At most eleven statements."""
    place = places.read(after)
    found = items(
        text=search.get("q", ""),
        short_only="show" in search,
        after=Place(FIRST.at, place[1]) if place else None,
        limit=limit,
    )
    cards, levels, short = queries.by_id(found.ids), stock.availability(found.ids), stock.shortages(found.ids)
    rows = [Row(cards[one], levels[one], short.get(one, Decimal(0))) for one in found.ids if one in cards]
    return Page(rows, places.spell(FIRST.at, rows[-1].item.code) if found.next and rows else "")


ITEMS = Listing(
    name="items", title=_("Items and stock"), permission="stock.read", read=read,
    placeholder=_("Code or words of the name"),
    none=_("No item is like that. Search by its code or by words of its name."),
    empty="desk/lists/no_items.html",
    filters=(
        Filter("show", _("Show"), (("", _("All")), ("short", _("Only what orders wait for")))),
    ),
    columns=(
        Column("code", _("Code"), lambda row: row.item.code, "desk/lists/item_code.html", leads=True),
        Column("name", _("Name"), lambda row: row.item.name),
        Column("free", _("Free"), lambda row: str(quantity(row.stock.free)), number=True, value=lambda row: row.stock.free),
        Column(
            "on_hand", _("On hand"), lambda row: str(quantity(row.stock.on_hand)), number=True,
            value=lambda row: row.stock.on_hand,
        ),
        Column(
            "allocated", _("Allocated"), lambda row: str(quantity(row.stock.allocated)), number=True,
            value=lambda row: row.stock.allocated,
        ),
        Column(
            "short", _("Orders wait for"), lambda row: str(quantity(row.short)) if row.short else "", number=True,
            value=lambda row: row.short,
        ),
        Column(
            "price", _("Price"), lambda row: f"{row.item.price} {row.item.currency}", "desk/lists/item_price.html", number=True,
            value=lambda row: row.item.price,
        ),
        Column("sold", _("Sold"), lambda row: str(_("Yes") if row.item.active else _("No longer")), on_page=False),
    ),
)  # fmt: skip
