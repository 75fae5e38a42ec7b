"""The list of messages on all channels: what was told whom, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from milepost.faces.desk import places
from milepost.faces.desk.lists.known import orders_of
from milepost.faces.desk.lists.said import later, time_text, words
from milepost.faces.desk.lists.words import Column, Filter, Listing, Page
from milepost.ground.access.words import ROLES
from milepost.ground.notices import queries
from milepost.ground.notices.words import Channel, NoticeCard, State
from milepost.overview.finding import about_orders
from milepost.overview.finding.words import Place
from milepost.way.orders.queries import Contact


@dataclass(frozen=True, slots=True)
class Row:
    """A message with its order."""

    message: NoticeCard
    about: Contact | None

    @property
    def key(self) -> str:
        """Its id."""
        return str(self.message.id)

    @property
    def href(self) -> str:
        """The order's page, at its messages."""
        return f"{reverse('desk:order', args=[self.about.reference])}#messages" if self.about else ""

    @property
    def to(self) -> str:
        """Whom it is for: the customer by name, others by what they are."""
        kind, _colon, which = self.message.recipient_key.partition(":")
        if kind == "role":
            return ROLES.get(which, words(which))
        return self.about.name if self.about and self.message.audience == "customer" else words(self.message.audience)

    @property
    def about_what(self) -> str:
        """What it tells."""
        return words(self.message.template)


def read(search: Mapping[str, str], after: str, limit: int) -> Page:
    """Messages, the one planned last first. At most sixteen statements."""
    place = places.instant_and_uuid(after)
    found = about_orders.messages(
        text=search.get("q", ""), channel=search.get("channel", ""), state=search.get("state", ""),
        after=Place(*place) if place else None, limit=limit,
    )  # fmt: skip
    cards = queries.these(found.ids)
    about = orders_of(card.order_id for card in cards)
    rows = [Row(card, about.get(card.order_id or 0)) for card in cards]
    return Page(rows, places.spell(*found.next) if found.next else "")


MESSAGES = Listing(
    name="messages", title=_("Messages"), permission="notices.read", read=read,
    placeholder=_("Order, tracking number, shop number, PO, name, e-mail, phone, item"),
    none=_("No message is like that. Search by anything that finds its order."),
    empty="desk/lists/no_messages.html", tools="desk/lists/messages_tools.html",
    filters=(
        Filter("channel", _("Channel"), (("", _("Any")), *((one.value, later(one)) for one in Channel))),
        Filter("state", _("What became of it"), (("", _("Anything")), *((one.value, later(one)) for one in State))),
    ),
    columns=(
        Column("what", _("Message"), lambda row: row.about_what, leads=True),
        Column("to", _("To"), lambda row: row.to),
        Column("channel", _("Channel"), lambda row: words(row.message.channel)),
        Column("state", _("What became of it"), lambda row: words(row.message.state), "desk/lists/message_state.html"),
        Column("order", _("Order"), lambda row: row.about.reference if row.about else ""),
        Column(
            "planned", _("Planned"), lambda row: time_text(row.message.planned_at), "desk/lists/message_planned.html",
            value=lambda row: row.message.planned_at,
        ),
        Column(
            "sent", _("Sent"), lambda row: time_text(row.message.sent_at), "desk/lists/message_sent.html",
            value=lambda row: row.message.sent_at,
        ),
        Column("why", _("Why"), lambda row: " ".join(row.message.trace), on_page=False),
    ),
)  # fmt: skip
