"""Customers who have signed in: their session, which is apart from the staff's, and who they are on record."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from milepost.faces.portal.languages import spoken
from milepost.ground.access import codes
from milepost.ground.access.words import SESSION_DAYS
from milepost.ground.parties import queries as parties
from milepost.ground.parties.words import CustomerCard
from milepost.kernel.acts import Act

P = ParamSpec("P")
COOKIE, PATH = "milepost_customer", "/shop/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Whoever proved that an e-mail address is theirs: all that is on record under it."""

    email: str
    cards: tuple[CustomerCard, ...]

    @property
    def ids(self) -> list[int]:
        """The numbers under which they have ordered."""
        return [card.id for card in self.cards]

    def card(self, number: int) -> CustomerCard:
        """One of their cards; the first for a number that is not theirs."""
        return next((card for card in self.cards if card.id == number), self.cards[0])

    @property
    def zone(self) -> ZoneInfo:
        """Where they read times."""
        return ZoneInfo(next((card.zone for card in self.cards if card.zone), "") or settings.HOME_ZONE)

    @property
    def language(self) -> str:
        """What they read, as far as it is on record."""
        return next((card.language for card in self.cards if card.language), "")

    def act(self) -> Act:
        """What they do now."""
        return Act.now(f"customer:{self.cards[0].id}", channel="portal", now=timezone.now())


View = Callable[Concatenate[HttpRequest, P], HttpResponse]
Ours = Callable[Concatenate[HttpRequest, Customer, P], HttpResponse]


def needs_customer(view: Ours[P]) -> View[P]:
    """Only for customers who have signed in; others are asked to. Times are shown in their zone, and nothing is kept by a cache."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        customer = signed_in(request)
        if customer is None:
            return kept_to_themselves(_to_sign_in(request))
        with timezone.override(customer.zone), spoken(request, customer.language):
            return kept_to_themselves(view(request, customer, *args, **kwargs))

    cast(Any, guarded).for_customers = True
    return cast(View[P], guarded)


def signed_in(request: HttpRequest) -> Customer | None:
    """Who has signed in, or None. Two statements."""
    token = request.COOKIES.get(COOKIE, "")
    email = codes.signed_in(token, now=timezone.now()) if token else ""
    cards = tuple(parties.with_email(email)) if email else ()
    return Customer(email=email, cards=cards) if cards else None


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in, and from there back to the page that was wanted; a part of a page is not one."""
    wanted = request.get_full_path() if request.method in ("GET", "HEAD") else request.path
    partly = bool(request.headers.get("HX-Request"))
    where = reverse("shop:sign_in") + ("" if partly else "?" + urlencode({"next": wanted}))
    return HttpResponse(status=204, headers={"HX-Redirect": where}) if partly else redirect(where)


def begin(response: HttpResponse, token: str) -> HttpResponse:
    """Give the browser its session."""
    response.set_cookie(
        COOKIE, token, max_age=SESSION_DAYS * 86400, path=PATH, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


def end(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Take the session away, here and in the browser."""
    codes.sign_out(request.COOKIES.get(COOKIE, ""))
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
    return response


def kept_to_themselves(response: HttpResponse) -> HttpResponse:
    """Nobody else's cache, and no search engine, keeps these pages."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
