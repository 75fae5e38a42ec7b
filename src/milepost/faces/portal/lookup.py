"""Finding an order again by its number and an e-mail address. Whatever is typed, the answer is one and the same: the link goes to
the contact on record, or nowhere (INQ-4)."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from milepost.faces.portal.customers import kept_to_themselves
from milepost.ground.access import codes
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused


class Wanted(forms.Form):
    """Which order, and whose."""

    reference = forms.CharField(
        label=_("Order number"), max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "class": "code"}),
        help_text=_("It stands in every message from us."),
    )  # fmt: skip
    email = forms.EmailField(
        label=_("E-mail"), max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autocapitalize": "off"}),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def lookup(request: HttpRequest) -> HttpResponse:
    """The form, and the one answer."""
    form = Wanted(request.POST) if request.method == "POST" else Wanted()
    if request.method != "POST":
        return _page(request, form, is_sent="sent" in request.GET)
    if not form.is_valid():
        return _page(request, form, status=422)
    wanted, act = form.cleaned_data, Act.now("customer", channel="portal", now=timezone.now())
    try:
        codes.ask_for_link(wanted["email"], wanted["reference"], place=request.META.get("REMOTE_ADDR", ""), act=act)
    except Refused as refused:
        return _page(request, form, refusals=refused.refusals, status=refused.status)
    return kept_to_themselves(redirect(reverse("lookup") + "?sent=1"))


def _page(
    request: HttpRequest, form: Wanted, *, refusals: object = (), is_sent: bool = False, status: int = 200
) -> HttpResponse:
    shown = {"form": form, "refusals": refusals, "is_sent": is_sent}
    return kept_to_themselves(render(request, "portal/lookup.html", shown, status=status))
