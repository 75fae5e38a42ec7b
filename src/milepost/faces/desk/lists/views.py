"""The one view of all lists: whole, or its table alone while somebody types."""

from collections.abc import Callable, Mapping
from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from milepost.faces.desk import who
from milepost.faces.desk.lists.tools import opens_with, tools_of
from milepost.faces.desk.lists.words import Listing


def view_of(listing: Listing) -> Callable[[HttpRequest], HttpResponse]:
    """The view of a list, for those who may see it."""

    @who.needs(listing.permission)
    @require_safe
    def shown(request: HttpRequest) -> HttpResponse:
        return show(request, listing)

    return shown


def show(request: HttpRequest, listing: Listing, extra: Mapping[str, Any] | None = None) -> HttpResponse:
    """A page of the list. A text that names one thing for certain leads there at once, but not while it is being typed."""
    search = listing.cleaned(request.GET)
    typing = bool(cast(Any, request).htmx) and not cast(Any, request).htmx.history_restore_request
    if "q" in search and listing.meant and not typing:
        found = listing.meant(search["q"])
        if found:
            return redirect(found)
    tools = tools_of(request, listing, search)
    first = opens_with(request, tools)
    if first:
        return redirect(first)
    after = request.GET.get("after", "")
    context = {
        "listing": listing, "search": search, "page": listing.page(search, after), "paged": bool(after), "query": urlencode(search),
        "columns": [(str(column.label), column) for column in listing.shown], **tools, **(extra or {}),
    }  # fmt: skip
    response = render(request, "desk/lists/table.html" if typing else "desk/list.html", context)
    patch_vary_headers(response, ["HX-Request"])
    if typing:
        response.headers["HX-Push-Url"] = f"{request.path}?{context['query']}".rstrip("?")
    return response
