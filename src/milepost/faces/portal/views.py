"""The tracking page behind its link, and what a customer can say on it. The link is the only key; no cookie but a chosen
language, until a code opens it."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from milepost.faces.portal.behind import dead, is_open, kept_to_themselves, whose
from milepost.faces.portal.languages import read_as
from milepost.faces.portal.page import TrackingPage, gather
from milepost.ground.access import links
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal, Refused
from milepost.way.closeout import commands as closeout
from milepost.way.closeout.words import Dispute, Rating

View = Callable[..., HttpResponse]
Shown = Callable[..., HttpResponse]


class Review(forms.Form):
    """One to five, and a comment."""

    rating = forms.TypedChoiceField(label=_("How was it?"), coerce=int, choices=[(n, str(n)) for n in range(1, 6)])
    comment = forms.CharField(label=_("Comment"), max_length=2000, required=False)


class Complaint(forms.Form):
    """What is wrong."""

    what = forms.CharField(label=_("What is wrong?"), max_length=2000)


def behind_link(purpose: str) -> Callable[[Shown], View]:
    """Opens the link and gathers the page in the recipient's zone and language, all of it in a browser that opened it by a code.

    Links that lead nowhere are all answered alike (404).
    """

    def open_first(view: Shown) -> View:
        @wraps(view)
        def opened(request: HttpRequest, token: str, **named: object) -> HttpResponse:
            now = timezone.now()
            try:
                contact = whose(token, purpose, now=now)
                with read_as(request, contact):
                    page = _page(contact.order_id, now, is_open=purpose == "track" and is_open(request, token))
                    response = view(request, token, page, **named)
            except Refused as refused:
                return dead(request, refused)
            if page.whole is not None:
                response.headers["Cache-Control"] = "private, no-store"
            return kept_to_themselves(response)

        return opened

    return open_first


def _page(order_id: int, now: datetime, *, is_open: bool) -> TrackingPage:
    page = gather(order_id, now=now, is_open=is_open)
    if page is None:
        raise Refused(links.LINK_UNKNOWN)
    return page


@require_safe
@behind_link("track")
def track(request: HttpRequest, token: str, page: TrackingPage) -> HttpResponse:
    """The order's way. Unchanged since the last look: 304."""
    return _answer(request, "portal/track.html", token, page, said=request.GET.get("said", ""))


@csrf_exempt
@require_POST
@behind_link("track")
def feedback(request: HttpRequest, token: str, page: TrackingPage) -> HttpResponse:
    """Rate the order (CLO-1)."""
    return _rate(request, token, page, back="portal:track", template="portal/track.html")


@csrf_exempt
@behind_link("feedback")
def feedback_page(request: HttpRequest, token: str, page: TrackingPage) -> HttpResponse:
    """The page behind the link in the delivery confirmation: rate, nothing else (CLO-1)."""
    if request.method == "POST":
        return _rate(request, token, page, back="portal:feedback_page", template="portal/feedback.html")
    return _answer(request, "portal/feedback.html", token, page, said=request.GET.get("said", ""))


def _rate(request: HttpRequest, token: str, page: TrackingPage, *, back: str, template: str) -> HttpResponse:
    form = Review(request.POST)
    if not page.may_rate:
        return _refuse(request, template, token, page, TOO_EARLY)
    if not form.is_valid():
        return _refuse(request, template, token, page, NO_RATING)
    rating = Rating(order_id=page.order_id, rating=form.cleaned_data["rating"], comment=form.cleaned_data["comment"])
    closeout.rate([rating], act=_act())
    return _said("thanks", back, token)


@csrf_exempt
@require_POST
@behind_link("track")
def accept(request: HttpRequest, token: str, page: TrackingPage) -> HttpResponse:
    """All is well (CLO-2)."""
    try:
        closeout.accept([page.order_id], act=_act())
    except Refused as refused:
        return _refuse(request, "portal/track.html", token, page, *refused.refusals)
    return _said("accepted", "portal:track", token)


@csrf_exempt
@require_POST
@behind_link("track")
def complain(request: HttpRequest, token: str, page: TrackingPage) -> HttpResponse:
    """Something is wrong (CLO-2)."""
    form = Complaint(request.POST)
    if not form.is_valid():
        return _refuse(request, "portal/track.html", token, page, NOTHING_SAID)
    try:
        closeout.dispute([Dispute(order_id=page.order_id, what=form.cleaned_data["what"])], act=_act())
    except Refused as refused:
        return _refuse(request, "portal/track.html", token, page, *refused.refusals)
    return _said("wrong", "portal:track", token)


NO_RATING = Refusal(code="no_rating", says="Your rating did not arrive.", do="Choose one to five and send it again.")
NOTHING_SAID = Refusal(
    code="nothing_said", says="You did not say what is wrong.", do="A few words help us to put it right."
)
TOO_EARLY = Refusal(
    code="too_early", says="The order has not arrived yet.", do="Tell us how it was once it is there.", status=409
)


def _act() -> Act:
    return Act.now("customer", channel="portal", now=timezone.now())


def _said(what: str, back: str, token: str) -> HttpResponse:
    response = redirect(back, token=token)
    response["Location"] += f"?said={what}#answer"
    return response


def _refuse(request: HttpRequest, template: str, token: str, page: TrackingPage, *refusals: Refusal) -> HttpResponse:
    return render(request, template, {"page": page, "token": token, "refusals": refusals}, status=refusals[0].status)


def _answer(request: HttpRequest, template: str, token: str, page: TrackingPage, *, said: str) -> HttpResponse:
    etag = page.etag(template, said, get_language())
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return unchanged
    response = render(request, template, {"page": page, "token": token, "said": said})
    response.headers["ETag"] = etag
    return response
