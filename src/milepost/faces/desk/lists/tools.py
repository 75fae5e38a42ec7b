"""What stands around a list: saved views, bulk verbs and exports, as the reader may have them; and the reads behind them."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.http import Http404, HttpRequest

from milepost.faces.desk import who
from milepost.faces.desk.bulk.forms import verbs_for
from milepost.faces.desk.lists.words import Listing
from milepost.ground.access import saved_views
from milepost.ground.access.saved_views import ViewCard
from milepost.ground.access.words import ROLES
from milepost.overview.bulk.ports import Picked

GATHERED_AT_ONCE = 500
WITHOUT_VIEW = "all"


def tools_of(request: HttpRequest, listing: Listing, search: Mapping[str, str]) -> dict[str, Any]:
    """For the template of a list. One statement."""
    me = who.staff(request)
    views = saved_views.views_of(me.pk, me.roles, listing.name)
    return {
        "views": [(view, address_of(listing, view), dict(search) == searched(listing, view.query)) for view in views],
        "share_with": [(role, ROLES[role]) for role in saved_views.may_share_with(me.roles)],
        "bulk": verbs_for(listing.name, me.may) if me.may("lists.bulk") else [], "may_export": me.may("lists.export"),
    }  # fmt: skip


def opens_with(request: HttpRequest, tools: Mapping[str, Any]) -> str:
    """The address of the view with which the list opens for the reader; nothing where something was asked for."""
    if request.GET:
        return ""
    return next((f"{request.path}?{address}" for view, address, _ in tools["views"] if view.is_first), "")


def address_of(listing: Listing, view: ViewCard) -> str:
    """The search of a view for an address; one that narrows nothing says so, or the list would open with the first view."""
    return urlencode(searched(listing, view.query)) or f"view={WITHOUT_VIEW}"


def searched(listing: Listing, query: str) -> dict[str, str]:
    """A search as it stands in an address, as far as the list knows it."""
    return listing.cleaned(dict(parse_qsl(query[:4000])))


def listing_named(name: str) -> Listing:
    """The list of this name."""
    from milepost.faces.desk.lists import LISTINGS

    if name not in LISTINGS:
        raise Http404
    return LISTINGS[name]


def pick(listing: str, search: Mapping[str, str], after: str) -> Picked:
    """The keys of the next rows that match, for a bulk run; registered by `config/wiring`."""
    page = listing_named(listing).page(search, after, GATHERED_AT_ONCE)
    return Picked([row.key for row in page.rows], page.next)
