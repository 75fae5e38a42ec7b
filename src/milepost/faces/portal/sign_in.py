"""Customers sign in: an e-mail address, then the code that was sent there. No answer tells whether an address orders here."""

from django import forms
from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from milepost.faces.portal import customers
from milepost.faces.portal.customers import PATH, kept_to_themselves
from milepost.ground.access import codes
from milepost.ground.access.words import CODE_MINUTES
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal, Refused

ASKED, SALT = "milepost_sign_in", "milepost.shop.sign_in"
"""The cookie that ties a code to the browser that asked for it."""


class Address(forms.Form):
    """Where the code goes."""

    email = forms.EmailField(
        label=_("E-mail"), max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True, "autocapitalize": "off"}),
    )  # fmt: skip


class Code(forms.Form):
    """Six digits."""

    code = forms.CharField(
        label=_("Code"), max_length=20,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True, "class": "code big"}
        ),
        help_text=_("Six digits, from our message."),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a code."""
    form = Address(request.POST) if request.method == "POST" else Address()
    if request.method != "POST" or not form.is_valid():
        return _page(request, "ask", form, status=422 if request.method == "POST" else 200)
    try:
        number = codes.ask(form.cleaned_data["email"], place=request.META.get("REMOTE_ADDR", ""), act=_act())
    except Refused as refused:
        return _page(request, "ask", form, refused.refusals, status=refused.status)
    response = redirect(reverse("shop:code") + _onwards(request))
    response.set_signed_cookie(
        ASKED, str(number), salt=SALT, max_age=CODE_MINUTES * 60, path=PATH, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return kept_to_themselves(response)


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Type the code that came."""
    number = _asked(request)
    if number is None:
        return kept_to_themselves(redirect(reverse("shop:sign_in") + _onwards(request)))
    form = Code(request.POST) if request.method == "POST" else Code()
    if request.method != "POST" or not form.is_valid():
        return _page(request, "code", form, status=422 if request.method == "POST" else 200)
    try:
        token = codes.sign_in(number, form.cleaned_data["code"], act=_act())
    except Refused as refused:
        return _page(request, "code", Code(), refused.refusals, status=refused.status)
    response = redirect(_wanted(request) or "shop:orders")
    response.delete_cookie(ASKED, path=PATH, samesite="Lax")
    return kept_to_themselves(customers.begin(response, token))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    return kept_to_themselves(customers.end(request, redirect("shop:sign_in")))


def _page(
    request: HttpRequest, step: str, form: forms.Form, refusals: tuple[Refusal, ...] = (), *, status: int = 200
) -> HttpResponse:
    shown = {"form": form, "refusals": refusals, "minutes": CODE_MINUTES, "onwards": _onwards(request)}
    return kept_to_themselves(render(request, f"portal/shop/{step}.html", shown, status=status))


def _asked(request: HttpRequest) -> int | None:
    """The sign-in that this browser began, or None."""
    try:
        said = request.get_signed_cookie(ASKED, default=None, salt=SALT, max_age=CODE_MINUTES * 60)
    except BadSignature:
        return None
    return int(said) if said else None


def _wanted(request: HttpRequest) -> str:
    """The page of the shop that was wanted before, if it is one."""
    wanted = request.GET.get("next", "")
    safe = (
        wanted.startswith(PATH) and ".." not in wanted and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    )
    return wanted if safe else ""


def _onwards(request: HttpRequest) -> str:
    wanted = _wanted(request)
    return "?" + urlencode({"next": wanted}) if wanted else ""


def _act() -> Act:
    return Act.now("customer", channel="portal", now=timezone.now())
