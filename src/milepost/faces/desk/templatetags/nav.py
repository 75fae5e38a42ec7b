"""Where one can go from every page of the desk: the day's work first, then what keeps the house."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

register = template.Library()


@dataclass(frozen=True, slots=True)
class Way:
    """A link. `view` is the name of its route; `near` begins the names of the routes that belong to it."""

    view: str
    label: Any
    permission: str
    near: tuple[str, ...] = ()

    def leads_here(self, view_name: str) -> bool:
        """Whether this is where one is."""
        return view_name == self.view or view_name.startswith(self.near)


WORK = (
    Way("desk:my_desk", _("My desk"), "duties.read", ("desk:duty", "desk:do_duty")),
    Way("desk:orders", _("Orders"), "orders.read", ("desk:order", "desk:act_on", "desk:questions")),
    Way("desk:entry", _("Phone order"), "orders.enter"),
    Way("desk:requests", _("Requests"), "orders.read", ("desk:request",)),
    Way("desk:conversations", _("Conversations"), "inquiries.read", ("desk:conversation",)),
    Way("desk:shipments", _("Shipments"), "fulfilment.read"),
    Way("desk:exceptions", _("Exceptions"), "cases.read"),
    Way("desk:customers", _("Customers"), "customers.read", ("desk:customer",)),
    Way("desk:items", _("Items"), "stock.read", ("desk:item",)),
    Way("desk:messages", _("Messages"), "notices.read"),
)
HOUSE = (
    Way("desk:incoming", _("Incoming"), "stock.read"),
    Way("desk:import_new", _("Import"), "imports.read", ("desk:import",)),
    Way("mailbox:messages", _("Mailbox"), "notices.read", ("mailbox:",)),
    Way("desk:procedures", _("Procedures"), "procedures.read", ("desk:procedure",)),
    Way("desk:teams", _("Teams"), "duties.oversee"),
    Way("desk:subscriptions", _("Subscriptions"), "webhooks.read", ("desk:subscription",)),
    Way("desk:health", _("Health"), "health.read", ("desk:health",)),
    Way("desk:access", _("Access"), "access.read", ("desk:access",)),
)


@register.inclusion_tag("desk/nav.html", takes_context=True)
def ways(context: dict[str, Any]) -> dict[str, Any]:
    """The links that this person may follow, in two rows."""
    request = context["request"]
    here = request.resolver_match.view_name if request.resolver_match else ""
    return {"rows": [row for row in (_open(WORK, request, here), _open(HOUSE, request, here)) if row]}


def _open(some: Sequence[Way], request: Any, here: str) -> list[tuple[Way, bool]]:
    return [(one, one.leads_here(here)) for one in some if request.user.may(one.permission)]
