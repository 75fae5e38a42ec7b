"""Subscriptions: who is told of events over webhooks, what went out, what failed, and having it delivered again (OPS-1)."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from milepost.faces.desk import who
from milepost.faces.desk.forms import first_errors
from milepost.ground.webhooks import commands as webhooks
from milepost.ground.webhooks import queries as known
from milepost.ground.webhooks.words import EndpointDraft
from milepost.kernel.refusals import Refusal, Refused
from milepost.reactions.announcing import TYPES

ON_ONE_PAGE = 50
SAID = {
    "pause": _("Paused. What happens meanwhile waits."),
    "resume": _("Resumed. What waited is delivered now."),
    "close": _("Closed. It is told nothing any more."),
}


class Subscribing(forms.Form):
    """An address that is to be told of events."""

    url = forms.CharField(label=_("Address"), max_length=500, help_text=_("Begins with https://"))
    name = forms.CharField(label=_("Whose it is"), max_length=100, required=False)
    types = forms.MultipleChoiceField(
        label=_("Events"), required=False, choices=[(name, name) for name in TYPES],
        widget=forms.SelectMultiple(attrs={"size": "8"}), help_text=_("None chosen: all of them."),
    )  # fmt: skip


@who.needs("webhooks.read", acts="webhooks.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def all_of_them(request: HttpRequest) -> HttpResponse:
    """All subscriptions; open another. A new secret is shown once."""
    if request.method != "POST":
        return _show_all(request, Subscribing())
    form = Subscribing(request.POST)
    if not form.is_valid():
        return _show_all(request, form, refusals=tuple(first_errors(form)), status=422)
    said = form.cleaned_data
    draft = EndpointDraft(url=said["url"].strip(), name=said["name"], types=tuple(said["types"]) or ("*",))
    try:
        (opened,) = webhooks.open_endpoints([draft], known=TYPES, act=who.act(request))
    except Refused as refused:
        return _show_all(request, form, refusals=refused.refusals, status=refused.status)
    return _show_one(request, opened.id, secret=opened.secret, status=201)


@who.needs("webhooks.read")
@require_safe
def one(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """One subscription with what went to it, the newest first."""
    return _show_one(request, endpoint_id)


@who.needs("webhooks.manage")
@require_POST
def change(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Pause, resume or close it, or give it a new secret, which is shown once."""
    verb = request.POST.get("verb", "")
    act = who.act(request)
    try:
        if verb == "rotate":
            return _show_one(request, endpoint_id, secret=webhooks.rotate(endpoint_id, act=act).secret)
        if verb in SAID:
            {"pause": webhooks.pause, "resume": webhooks.resume, "close": webhooks.close}[verb](endpoint_id, act=act)
            messages.success(request, SAID[verb])
    except Refused as refused:
        return _show_all(request, Subscribing(), refusals=refused.refusals, status=refused.status)
    return redirect("desk:subscription", endpoint_id)


@who.needs("webhooks.manage")
@require_POST
def replay(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Have events delivered again: one, or all that failed."""
    chosen = [UUID(value) for value in request.POST.getlist("delivery") if _is_id(value)]
    try:
        count = webhooks.replay(endpoint_id, delivery_ids=chosen, failed=not chosen, act=who.act(request))
    except Refused as refused:
        return _show_all(request, Subscribing(), refusals=refused.refusals, status=refused.status)
    messages.success(request, _("To be delivered again: %(count)s.") % {"count": count})
    return redirect("desk:subscription", endpoint_id)


@who.needs("webhooks.read")
@require_safe
def delivery(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """One event as it is sent, and every call with what came back."""
    card = known.delivery(delivery_id)
    if card is None:
        raise Http404
    shown = {"card": card, "body": card.body.decode("utf-8"), "may_change": who.staff(request).may("webhooks.manage")}
    return render(request, "desk/subscription_delivery.html", shown)


def _is_id(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True


def _show_all(
    request: HttpRequest, form: Subscribing, *, refusals: tuple[Refusal, ...] = (), status: int = 200
) -> HttpResponse:
    shown = {
        "endpoints": known.endpoints(), "form": form, "refusals": refusals,
        "may_change": who.staff(request).may("webhooks.manage"),
    }  # fmt: skip
    return render(request, "desk/subscriptions.html", shown, status=status)


def _show_one(request: HttpRequest, endpoint_id: UUID, *, secret: str = "", status: int = 200) -> HttpResponse:
    card = known.endpoint(endpoint_id)
    if card is None:
        raise Http404
    before, failed = request.GET.get("before", ""), request.GET.get("failed") == "1"
    rows = known.deliveries(
        endpoint_id, failed=failed, before=UUID(before) if _is_id(before) else None, limit=ON_ONE_PAGE
    )
    shown: dict[str, Any] = {
        "card": card, "rows": rows, "secret": secret, "failed": failed,
        "more": rows[-1].id if len(rows) == ON_ONE_PAGE else None,
        "may_change": who.staff(request).may("webhooks.manage"),
    }  # fmt: skip
    answer = render(request, "desk/subscription.html", shown, status=status)
    if secret:
        answer["Cache-Control"] = "no-store"
    return answer
