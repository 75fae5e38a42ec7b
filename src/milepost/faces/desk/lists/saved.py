"""Saved views on the desk: kept from a list, looked over on a page of their own."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from milepost.faces.desk import who
from milepost.faces.desk.lists.tools import address_of, listing_named, searched
from milepost.faces.desk.lists.words import Listing
from milepost.ground.access import saved_views
from milepost.ground.access.words import ROLES
from milepost.kernel.refusals import Refusal, Refused


@who.needs("orders.read")
def views(request: HttpRequest, listing: str) -> HttpResponse:
    """My views of a list and those that others share with me; what is posted is kept as a new one."""
    shown = listing_named(listing)
    who.require(request, shown.permission)
    if request.method != "POST":
        return _show(request, shown)
    me, query = who.staff(request), request.POST.get("query", "")
    wanted = {"name": request.POST.get("name", ""), "role": request.POST.get("role", "")}
    try:
        view = saved_views.keep(listing, query=query, staff_id=me.pk, roles=me.roles, act=who.act(request), **wanted)
        if "first" in request.POST:
            saved_views.put_first(listing, view, staff_id=me.pk, roles=me.roles, act=who.act(request))
    except Refused as refused:
        return _show(request, shown, refused.refusals, {**wanted, "query": query}, refused.status)
    messages.success(request, _("Kept. It stands above the list."))
    return redirect(f"{reverse(shown.route)}?{query or 'view=all'}")


@who.needs("orders.read")
def view(request: HttpRequest, listing: str, view_id: UUID) -> HttpResponse:
    """Rename, share, remove one of my views, or have the list open with one."""
    shown, me, act = listing_named(listing), who.staff(request), who.act(request)
    who.require(request, shown.permission)
    verb = request.POST.get("verb", "")
    try:
        if verb == "change":
            name, role = request.POST.get("name", ""), request.POST.get("role", "")
            saved_views.change(view_id, staff_id=me.pk, roles=me.roles, name=name, role=role, act=act)
        elif verb == "remove":
            saved_views.remove(view_id, staff_id=me.pk, act=act)
        elif verb in ("first", "not_first"):
            first = view_id if verb == "first" else None
            saved_views.put_first(listing, first, staff_id=me.pk, roles=me.roles, act=act)
    except Refused as refused:
        return _show(request, shown, refused.refusals, status=refused.status)
    return redirect("desk:list_views", listing)


def _show(
    request: HttpRequest, listing: Listing, refusals: tuple[Refusal, ...] = (), typed: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    me = who.staff(request)
    cards = saved_views.views_of(me.pk, me.roles, listing.name)
    context: dict[str, Any] = {
        "listing": listing, "refusals": refusals, "typed": typed, "roles": ROLES,
        "rows": [(card, address_of(listing, card), _told(listing, card.query)) for card in cards],
        "share_with": [(role, ROLES[role]) for role in saved_views.may_share_with(me.roles)],
    }  # fmt: skip
    return render(request, "desk/lists/views.html", context, status=status)


def _told(listing: Listing, query: str) -> list[tuple[Any, Any]]:
    """What a search says, with the names that the list has for it."""
    search = searched(listing, query)
    told: list[tuple[Any, Any]] = [(_("Search"), search["q"])] if "q" in search else []
    chosen = [one for one in listing.filters if one.key in search]
    return [*told, *((one.label, dict(one.choices).get(search[one.key], search[one.key])) for one in chosen)]
