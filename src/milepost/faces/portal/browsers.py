"""Browsers that want pushes: of one order by its tracking link, of all of somebody's by the link to their preferences."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from milepost.faces import look
from milepost.faces.look.templatetags.look import sentence
from milepost.faces.portal.behind import kept_to_themselves
from milepost.faces.portal.customers import Customer, needs_customer
from milepost.ground.access import links
from milepost.ground.notices import commands as notices
from milepost.ground.notices.words import BrowserDraft
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused
from milepost.way.orders import queries as orders

LARGEST = 4096
WORKER = Path(look.__file__).parent / "static" / "milepost" / "push-worker.js"


@csrf_exempt
@require_http_methods(["POST", "DELETE"])
def of_order(request: HttpRequest, token: str) -> HttpResponse:
    """This browser hears of one order, or no more of it."""

    def whose() -> tuple[Sequence[int], int | None]:
        order_id = links.open(token, "track", now=timezone.now())
        contact = orders.contacts([order_id]).get(order_id)
        if contact is None:
            raise Refused(links.LINK_UNKNOWN)
        return [contact.customer_id], order_id

    return _answer(request, whose)


@csrf_exempt
@require_http_methods(["POST", "DELETE"])
def of_customer(request: HttpRequest, token: str) -> HttpResponse:
    """This browser hears of all orders of a customer, or no more of them."""
    return _answer(request, lambda: ([links.open(token, "preferences", now=timezone.now())], None))


@needs_customer
@require_http_methods(["POST", "DELETE"])
def signed_in(request: HttpRequest, customer: Customer) -> HttpResponse:
    """The same for who has signed in."""
    return _answer(request, lambda: (customer.ids, None))


def _answer(request: HttpRequest, whose: Callable[[], tuple[Sequence[int], int | None]]) -> HttpResponse:
    """Nothing to say where it went well; a refusal with its sentences where not."""
    try:
        customers, order_id = whose()
        for number in customers:
            _note(request, _draft(request), f"customer:{number}", order_id)
    except Refused as refused:
        one = refused.refusals[0]
        answer: HttpResponse = JsonResponse({"code": one.code, "says": sentence(one)}, status=refused.status)
        return kept_to_themselves(answer)
    return kept_to_themselves(HttpResponse(status=204))


def _note(request: HttpRequest, draft: BrowserDraft, key: str, order_id: int | None) -> None:
    if request.method == "DELETE":
        notices.forget_browser(draft.endpoint, recipient_key=key, order_id=order_id)
        return
    act = Act.now("customer", channel="portal", now=timezone.now())
    services = (*settings.BROWSER_PUSH_SERVICES, *settings.PUSH_SERVICES)
    notices.note_browser(draft, recipient_key=key, order_id=order_id, services=services, act=act)


def _draft(request: HttpRequest) -> BrowserDraft:
    """What PushSubscription.toJSON() says. Whatever else was sent is no subscription."""
    try:
        said = orjson.loads(request.read(LARGEST))
        draft = BrowserDraft(endpoint=said["endpoint"], p256dh=said["keys"]["p256dh"], auth=said["keys"]["auth"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise Refused(notices.BAD_BROWSER) from None
    if not all(isinstance(text, str) for text in (draft.endpoint, draft.p256dh, draft.auth)):
        raise Refused(notices.BAD_BROWSER)
    return draft


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, at the root so that it serves all pages."""
    response = HttpResponse(_worker(), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@lru_cache(maxsize=1)
def _worker() -> bytes:
    return WORKER.read_bytes()
