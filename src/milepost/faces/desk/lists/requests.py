"""The list of order requests that wait to be completed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from milepost.faces.desk import places
from milepost.faces.desk.lists.said import time_text
from milepost.faces.desk.lists.words import Column, Listing, Page
from milepost.way.intake import opened
from milepost.way.intake.opened import OpenRequest

WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Row:
    """A request, and by when it must be acknowledged."""

    request: OpenRequest
    now: datetime

    @property
    def key(self) -> str:
        """Its reference."""
        return self.request.reference

    @property
    def href(self) -> str:
        """Where it is completed."""
        return reverse("desk:request", args=[self.request.id])

    @property
    def due_at(self) -> datetime:
        """By when it must be acknowledged (ACK-1)."""
        return self.request.received_at + WITHIN

    @property
    def is_late(self) -> bool:
        """Whether that has passed."""
        return self.due_at < self.now

    @property
    def sender(self) -> str:
        """Who asks: the name that was read and the address."""
        return " ".join(dict.fromkeys(part for part in (self.request.draft.customer.name, self.request.sender) if part))


def read(search: Mapping[str, str], after: str, limit: int) -> Page:
    """What waits to be completed, the longest first. One statement."""
    place = places.instant_and_uuid(after)
    if "q" in search:
        found = opened.look_up(search["q"], limit=limit + 1, after=place)
    else:
        found = opened.open_requests(limit=limit + 1, after=place)
    cards, more, now = found[:limit], found[limit:], timezone.now()
    return Page([Row(card, now) for card in cards], places.spell(cards[-1].received_at, cards[-1].id) if more else "")


REQUESTS = Listing(
    name="requests", title=_("Requests to complete"), permission="orders.read", address="requests/", view="requests",
    read=read, placeholder=_("Reference, sender, subject, PO number"),
    none=_("No open request is like that."), empty="desk/lists/no_requests.html",
    columns=(
        Column("reference", _("Request"), lambda row: row.request.reference, leads=True),
        Column("from", _("From"), lambda row: row.sender),
        Column("subject", _("Subject"), lambda row: row.request.subject),
        Column(
            "points", _("Open points"), lambda row: str(len(row.request.doubts)), number=True,
            value=lambda row: len(row.request.doubts),
        ),
        Column(
            "received", _("Received"), lambda row: time_text(row.request.received_at), "desk/lists/request_received.html",
            value=lambda row: row.request.received_at,
        ),
        Column(
            "due", _("Acknowledge by"), lambda row: time_text(row.due_at), "desk/lists/request_due.html",
            value=lambda row: row.due_at,
        ),
    ),
)  # fmt: skip
