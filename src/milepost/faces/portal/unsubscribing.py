"""What the List-Unsubscribe of a message leads to (RFC 8058): mail programs post to it, people see a page first.

A GET changes nothing, for scanners and previews follow links. The token is the only key; no cookie is asked for, none is set.
"""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from milepost.faces.portal.behind import kept_to_themselves
from milepost.faces.portal.languages import spoken
from milepost.ground.access import links
from milepost.ground.notices import people
from milepost.ground.notices.commands import unsubscribe
from milepost.ground.notices.words import Addressee
from milepost.ground.parties.words import ConsentSource
from milepost.ground.procedures.queries import book
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused

ONE_CLICK = ("List-Unsubscribe", "One-Click")
"""What a mail program posts, and nothing else (RFC 8058, 3.2)."""


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribing(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether it is meant, and carry it out. It is answered in place: a mail program must not be redirected."""
    try:
        response = _answer(request, links.message_behind(token))
    except Refused as refused:
        response = render(request, "portal/closed.html", {"refusal": refused.refusals[0]}, status=refused.status)
    return kept_to_themselves(response)


def _answer(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    source = _source(request)
    if source is None:
        return _page(request, people.addressee(notice_id), done=False, status=400 if request.method == "POST" else 200)
    act = Act.now("customer", channel="portal", now=timezone.now())
    return _page(request, unsubscribe(notice_id, source=source, act=act), done=True)


def _source(request: HttpRequest) -> ConsentSource | None:
    """Who says so: a mail program by the one word that it may say, or a person by the button; None: nobody yet."""
    if request.method != "POST":
        return None
    name, value = ONE_CLICK
    if request.POST.get(name) == value:
        return ConsentSource.ONE_CLICK
    return ConsentSource.CONFIRM_PAGE if request.POST.get("confirm") == "yes" else None


def _page(request: HttpRequest, found: Addressee | None, *, done: bool, status: int = 200) -> HttpResponse:
    if found is None:
        raise Refused(links.LINK_UNKNOWN)
    mine = found.customer_id is not None
    words = {
        "done": done, "mine": mine, "channel": found.channel, "address": hinted(found.address),
        "words": book().consent.wording(found.category, found.language),
        "preferences": links.make("preferences", found.customer_id, now=timezone.now()) if found.customer_id else "",
    }  # fmt: skip
    with spoken(request, found.language):
        return render(request, "portal/unsubscribe.html", words, status=status)


def hinted(address: str) -> str:
    """An address that its owner knows again and nobody else learns: a…@example.org, …4567."""
    name, at, host = address.rpartition("@")
    if at:
        return f"{name[:1]}…@{host}"
    return f"…{address[-4:]}" if len(address) > 6 else ""
