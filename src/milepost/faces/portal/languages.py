"""Which language the portal speaks: the one that was chosen on a page, else the order's, else what the browser asks for.

Only the portal: the desk, the API and everything else stay as they are, and load no catalogue.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from milepost.ground.parties import queries as parties
from milepost.way.orders import queries as orders
from milepost.way.orders.queries import Contact

Handler = Callable[[HttpRequest], HttpResponse]
PLACES = ("/t/", "/shop/", "/track/")
YEAR = 365 * 86400
UNLESS_SAID = "en"


class Spoken:
    """Answers the portal's pages in the reader's language."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the language that was chosen or that the browser asks for; a view that knows more says so by `spoken`."""
        if not request.path.startswith(PLACES):
            return self.get_response(request)
        with spoken(request):
            response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


@contextmanager
def spoken(request: HttpRequest, known: str = "") -> Iterator[None]:
    """Speak the reader's language; `known` is what the order or the customer has on record."""
    with translation.override(chosen(request, known)):
        yield


@contextmanager
def read_by(request: HttpRequest, order_id: int) -> Iterator[None]:
    """Speak the language of the order, and reckon days where it goes. Two statements at most."""
    with read_as(request, orders.contacts([order_id]).get(order_id)):
        yield


@contextmanager
def read_as(request: HttpRequest, contact: Contact | None) -> Iterator[None]:
    """The same where it is known already whose order it is. One statement at most."""
    zone = ZoneInfo((contact.zone if contact else "") or settings.HOME_ZONE)
    with timezone.override(zone), spoken(request, _known(contact)):
        yield


def _known(contact: Contact | None) -> str:
    """The language on record; an order that is kept in English only because nobody said another one has none."""
    if contact is None or contact.language != UNLESS_SAID:
        return contact.language if contact else ""
    customer = parties.cards([contact.customer_id]).get(contact.customer_id)
    return UNLESS_SAID if customer and customer.language else ""


def chosen(request: HttpRequest, known: str = "") -> str:
    """What was chosen on a page counts most, then what is on record, then what the browser asks for."""
    for one in (request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""), known):
        language = one.replace("_", "-").lower().partition("-")[0]
        if language in dict(settings.LANGUAGES):
            return language
    return translation.get_language_from_request(request)


@csrf_exempt
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Remember the language in this browser, and go back to the page. It changes nothing else, so it asks for no token."""
    wanted = request.POST.get("next", "")
    safe = wanted.startswith(PLACES) and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    response = HttpResponseRedirect(wanted if safe else "/shop/")
    response.status_code = 303
    response.headers["Cache-Control"] = "private, no-store"
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR, path="/", httponly=True, samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip
    return response
