"""What stands behind a link: whose order it is, and whether this browser has opened it by a code (TRK-3).

A link shows neither street nor surname, PDF nor who took a parcel. A code that is sent to the customer's own contact opens it for
two hours, in one browser: what that browser keeps is signed for this very link, so it is worth nothing with another one, and
nothing once the link is revoked.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from milepost.ground.access import links
from milepost.ground.access.words import CODE_MINUTES, OPEN_HOURS
from milepost.kernel.refusals import Refused
from milepost.way.orders import queries as orders
from milepost.way.orders.queries import Contact

OPENED, ASKED = "milepost_opened", "milepost_asked"
SALT = "milepost.portal."
HOURS, MINUTES = timedelta(hours=OPEN_HOURS), timedelta(minutes=CODE_MINUTES)


def whose(token: str, purpose: str, *, now: datetime) -> Contact:
    """The order of a link. Refuses `link_unknown` for what is wrong, revoked, over or about no order any more, all in two
    statements."""
    try:
        order_id = links.open(token, purpose, now=now)
    except Refused:
        order_id = 0
    contact = orders.contacts([order_id]).get(order_id)
    if contact is None:
        raise Refused(links.LINK_UNKNOWN)
    return contact


def dead(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The page behind a link that leads nowhere, the same for all of them."""
    response = render(request, "portal/closed.html", {"refusal": refused.refusals[0]}, status=refused.status)
    return kept_to_themselves(response)


def kept_to_themselves(response: HttpResponse) -> HttpResponse:
    """Neither search engines nor the sites behind its links learn of a link."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def is_open(request: HttpRequest, token: str) -> bool:
    """Whether this browser has opened the link by a code, not too long ago."""
    return _signed(request, OPENED, token, HOURS) == "yes"


def keep_open(response: HttpResponse, token: str) -> HttpResponse:
    """Have the browser remember that it has opened the link."""
    _sign(response, OPENED, "yes", token, HOURS)
    response.delete_cookie(ASKED, path=_path(token), samesite="Lax")
    return response


def close(response: HttpResponse, token: str) -> HttpResponse:
    """Have the browser forget it again."""
    response.delete_cookie(OPENED, path=_path(token), samesite="Lax")
    return response


def asked(request: HttpRequest, token: str) -> int | None:
    """The number of the code that this browser has asked for, or None."""
    said = _signed(request, ASKED, token, MINUTES)
    return int(said) if said else None


def remember_asked(response: HttpResponse, number: int, token: str) -> HttpResponse:
    """Tie the code to the browser that asked for it."""
    _sign(response, ASKED, str(number), token, MINUTES)
    return response


def _signed(request: HttpRequest, name: str, token: str, longest: timedelta) -> str:
    try:
        return str(request.get_signed_cookie(name, default="", salt=SALT + name + token, max_age=longest) or "")
    except BadSignature:
        return ""


def _sign(response: HttpResponse, name: str, value: str, token: str, longest: timedelta) -> None:
    response.set_signed_cookie(
        name, value, salt=SALT + name + token, max_age=longest, path=_path(token), httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def _path(token: str) -> str:
    return reverse("portal:track", args=[token])
