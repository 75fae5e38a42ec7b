"""The list of orders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from milepost.faces.desk import places
from milepost.faces.desk.lists.said import date_text, later, time_text, words
from milepost.faces.desk.lists.words import Column, Filter, Listing, Page
from milepost.ground.duties import queries as duties
from milepost.ground.duties.words import DutyCard
from milepost.overview.finding.orders import orders
from milepost.overview.finding.words import Place, Show, Wanted
from milepost.way.cases import queries as cases
from milepost.way.cases.words import CaseCard
from milepost.way.fulfilment import queries as fulfilment
from milepost.way.orders import queries
from milepost.way.orders.words import OrderCard, State
from milepost.way.promising import queries as promising
from milepost.way.promising.words import PromiseCard


@dataclass(frozen=True, slots=True)
class Row:
    """One order of the list with its promise, its delay and its next step."""

    order: OrderCard
    promise: PromiseCard | None
    delay: CaseCard | None
    next: DutyCard | None
    is_late: bool

    @property
    def key(self) -> str:
        """Its reference."""
        return self.order.reference

    @property
    def href(self) -> str:
        """Its page."""
        return reverse("desk:order", args=[self.order.reference])


def read(search: Mapping[str, str], after: str, limit: int) -> Page:
    """Orders, newest first; the late ones the longest first."""
    place, now = places.instant_and_number(after), timezone.now()
    found = orders(_wanted(search), now=now, after=Place(*place) if place else None, limit=limit)
    return Page(rows_of(queries.heads(found.ids)), places.spell(*found.next) if found.next else "")


def _wanted(search: Mapping[str, str]) -> Wanted:
    usual = Show.ALL if search.keys() & {"q", "customer", "state"} else Show.OPEN
    return Wanted(
        text=search.get("q", ""), state=search.get("state", ""), show=Show(search.get("show", usual)),
        customer_id=int(search["customer"]) if "customer" in search else None,
    )  # fmt: skip


def rows_of(cards: Sequence[OrderCard]) -> list[Row]:
    """What the list says beside each order. Three statements."""
    wanted, now = [card.id for card in cards], timezone.now()
    standing, delayed, steps = promising.standing(wanted), cases.delayed(wanted), duties.next_steps(wanted)
    rows = []
    for card in cards:
        promise = standing[card.id].now if card.id in standing else None
        overdue = promise is not None and (card.delivered_at or now) > promise.latest_at and not card.cancelled_at
        rows.append(Row(card, promise, delayed.get(card.id), steps.get(card.id), is_late=overdue))
    return rows


def meant(text: str) -> str:
    """The page of the one order that the text names for certain: by reference, shop's number or tracking number."""
    number = queries.find(text)
    numbers = [number] if number is not None else fulfilment.orders_by_number(text)
    known = queries.contacts(numbers) if len(numbers) == 1 else {}
    return next((reverse("desk:order", args=[contact.reference]) for contact in known.values()), "")


def _stage(row: Row) -> str:
    flags = [words("delayed")] if row.delay else []
    return ", ".join([words(row.order.state), *flags, *([words("late")] if row.is_late else [])])


def _next(row: Row) -> str:
    return f"{words(row.next.kind)}, {time_text(row.next.due_at)}" if row.next else ""


ORDERS = Listing(
    name="orders", title=_("Orders"), permission="orders.read", address="orders/", view="orders", read=read, meant=meant,
    placeholder=_("Reference, shop number, PO, tracking number, name, e-mail, phone, item"),
    none=_(
        "No order is like that. Search by reference, shop number, PO number, tracking number, name, e-mail, phone or item."
    ),
    empty="desk/lists/no_orders.html", tools="desk/lists/orders_tools.html",
    filters=(
        Filter("state", _("Stage"), (("", _("Any")), *((one.value, later(one)) for one in State))),
        Filter(
            "show", _("Show"),
            (
                ("", _("Open; a search finds all")), ("open", _("Only open")), ("held", _("On hold")),
                ("delayed", _("Delayed")), ("late", _("Past their promise")),
                ("all", _("All")),
            ),
        ),
        Filter("customer", _("Customer"), holds=lambda value: value.isdecimal() and len(value) < 19),
    ),
    columns=(
        Column("reference", _("Order"), lambda row: row.order.reference, "desk/lists/order.html", leads=True),
        Column("external_ref", _("Shop number"), lambda row: row.order.external_ref, on_page=False),
        Column("po_number", _("PO number"), lambda row: row.order.po_number, on_page=False),
        Column("customer", _("Customer"), lambda row: row.order.contact_name),
        Column("stage", _("Stage"), _stage, "desk/lists/order_stage.html"),
        Column("next", _("Next step"), _next, "desk/lists/order_next.html"),
        Column(
            "promised", _("Promised by"), lambda row: date_text(row.promise.latest_on if row.promise else None),
            "desk/lists/order_promise.html", value=lambda row: row.promise.latest_on if row.promise else None,
        ),
        Column(
            "total", _("Total"), lambda row: f"{row.order.total} {row.order.currency}", "desk/lists/order_total.html",
            number=True, value=lambda row: row.order.total,
        ),
        Column("currency", _("Currency"), lambda row: row.order.currency, on_page=False),
        Column(
            "received", _("Received"), lambda row: time_text(row.order.received_at), "desk/lists/order_received.html",
            value=lambda row: row.order.received_at,
        ),
    ),
)  # fmt: skip
