"""Opening a link: a code goes to the customer's own contact, and whoever types it sees all of the order in this browser (TRK-3)."""

import re
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from milepost.faces.portal import behind
from milepost.faces.portal.page import TrackingPage
from milepost.faces.portal.sign_in import Code
from milepost.faces.portal.views import behind_link
from milepost.ground.access import codes
from milepost.ground.access.words import CODE_MINUTES, OPEN_HOURS
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal, Refused

ONWARDS = re.compile(r"(details/|confirmation\.pdf|delivery-notes/\d{1,6}\.pdf)?")
"""Where somebody may have wanted to go who was asked for a code."""
Shown = Callable[[HttpRequest, str, TrackingPage], HttpResponse]
NO_WAY = Refusal(code="no_way", says="A code cannot be sent this way.", do="Choose another way, or call us.")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@behind_link("track")
def code(request: HttpRequest, token: str, page: TrackingPage) -> HttpResponse:
    """Ask for a code on one of the ways on record, type it, or close what was opened."""
    match request.POST.get("do", ""):
        case "ask":
            return _ask(request, token, page)
        case "close":
            return behind.close(redirect("portal:track", token=token), token)
        case "open":
            return _open(request, token, page)
    if page.whole is not None:
        return redirect(_onwards(request, token))
    return _show(request, token, page)


def needs_open(view: Shown) -> Shown:
    """Only for browsers that opened the link by a code; others are asked to, and come back."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str, page: TrackingPage) -> HttpResponse:
        return view(request, token, page) if page.whole is not None else to_open(request, token)

    return guarded


def to_open(request: HttpRequest, token: str) -> HttpResponse:
    """To the page that asks for a code, and from there to what was wanted."""
    wanted = request.path.removeprefix(reverse("portal:track", args=[token]))
    return redirect(reverse("portal:code", args=[token]) + ("?" + urlencode({"next": wanted}) if wanted else ""))


def _ask(request: HttpRequest, token: str, page: TrackingPage) -> HttpResponse:
    way = next((way for way in page.ways if way.channel == request.POST.get("channel")), None)
    if way is None:
        return _show(request, token, page, NO_WAY)
    try:
        number = codes.ask_to_open(page.order_id, way.channel, place=request.META.get("REMOTE_ADDR", ""), act=_act())
    except Refused as refused:
        return _show(request, token, page, *refused.refusals)
    return behind.remember_asked(redirect(request.get_full_path()), number, token)


def _open(request: HttpRequest, token: str, page: TrackingPage) -> HttpResponse:
    form, number = Code(request.POST), behind.asked(request, token)
    if number is None or not form.is_valid():
        return _show(request, token, page, form=form if number else None, status=422)
    try:
        codes.open_link(number, form.cleaned_data["code"], order_id=page.order_id, act=_act())
    except Refused as refused:
        return _show(request, token, page, *refused.refusals)
    return behind.keep_open(redirect(_onwards(request, token)), token)


def _show(
    request: HttpRequest,
    token: str,
    page: TrackingPage,
    *refusals: Refusal,
    form: Code | None = None,
    status: int = 200,
) -> HttpResponse:
    asked = behind.asked(request, token) is not None and "again" not in request.GET
    words = {
        "page": page, "token": token, "form": form or Code(), "asked": asked, "refusals": refusals, "minutes": CODE_MINUTES,
        "hours": OPEN_HOURS, "onwards": _wanted(request),
    }  # fmt: skip
    return render(request, "portal/code.html", words, status=refusals[0].status if refusals else status)


def _wanted(request: HttpRequest) -> str:
    wanted = request.GET.get("next", "")
    return wanted if ONWARDS.fullmatch(wanted) else ""


def _onwards(request: HttpRequest, token: str) -> str:
    return reverse("portal:track", args=[token]) + _wanted(request)


def _act() -> Act:
    return Act.now("customer", channel="portal", now=timezone.now())
