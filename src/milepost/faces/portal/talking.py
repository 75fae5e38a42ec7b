"""The message thread of an open tracking page: live while both are there, by e-mail otherwise (TRK-3)."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from milepost.faces.portal.behind import dead, is_open, kept_to_themselves, whose
from milepost.faces.portal.languages import read_as
from milepost.faces.portal.page import gather
from milepost.faces.portal.thread import Thread, thread_of, words_for
from milepost.faces.sent_once import once
from milepost.ground.procedures import queries as procedures
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal, Refused
from milepost.kernel.texts import printable
from milepost.way.care import commands as care
from milepost.way.care import queries
from milepost.way.care.rules import topic_of
from milepost.way.care.words import Channel, Inquiry
from milepost.way.orders.queries import Contact

LONGEST = 2000
AN_HOUR = timedelta(hours=1)
TALKS = "X-Milepost-Talk"


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def messages(request: HttpRequest, token: str) -> HttpResponse:
    """The thread for a page that stays open; or a message from it. Links that lead nowhere are all answered alike (404)."""
    now = timezone.now()
    try:
        contact = whose(token, "track", now=now)
    except Refused as refused:
        return dead(request, refused)
    with read_as(request, contact):
        if request.method == "POST":
            response = _receive(request, token, contact, now)
        elif TALKS not in request.headers:
            response = _back(token)
        else:
            response = _look(request, token, contact, now)
    return kept_to_themselves(response)


def _look(request: HttpRequest, token: str, contact: Contact, now: datetime) -> HttpResponse:
    """What is new; that they are here, and that they read it where it stands before their eyes."""
    typing = request.GET.get("typing") == "1"
    care.look_in(queries.of_order_key(contact.order_id), typing=typing, now=now)
    if request.headers[TALKS] == "read":
        care.mark_read([contact.order_id], now=now)
    thread = _thread(request, token, contact, now)
    unchanged = get_conditional_response(request, etag=thread.etag())
    return unchanged or _fragment(request, thread)


def _fragment(request: HttpRequest, thread: Thread) -> HttpResponse:
    response = render(request, "portal/said.html", {"thread": thread})
    response.headers["ETag"] = thread.etag()
    response.headers["X-Milepost-Next"] = thread.sending
    return response


def _receive(request: HttpRequest, token: str, contact: Contact, now: datetime) -> HttpResponse:
    typed = str(request.POST.get("words", ""))
    live = TALKS in request.headers
    refusal = _refusal(typed, contact.order_id, now)
    if refusal is not None and live:
        return render(request, "look/refusals.html", {"refusals": [refusal]}, status=refusal.status)
    if refusal is not None:
        return _whole_page(request, token, contact, typed, refusal, now)
    _once(request, contact, typed, now)
    return _fragment(request, _thread(request, token, contact, now)) if live else _back(token)


def _thread(request: HttpRequest, token: str, contact: Contact, now: datetime) -> Thread:
    """What this browser may see: names and street only where a code opened the link."""
    return thread_of(contact.order_id, now=now, shown=words_for(contact, is_open=is_open(request, token)))


def _refusal(typed: str, order_id: int, now: datetime) -> Refusal | None:
    if not printable(typed, LONGEST).strip():
        return NO_WORDS
    if len(typed) > LONGEST:
        return TOO_LONG
    most = procedures.book().inquiries.an_hour_at_most
    return TOO_MANY if queries.asked_lately(order_id, since=now - AN_HOUR) >= most else None


def _once(request: HttpRequest, contact: Contact, typed: str, now: datetime) -> None:
    """A double click or a reload sends it once; other words under the same name are another message."""
    words = printable(typed, LONGEST)

    def effect() -> str:
        goes_on = queries.on_page(contact.order_id, limit=1)
        inquiry = Inquiry(
            channel=Channel.PORTAL, words=words, order_id=contact.order_id, language=get_language() or "",
            topic=topic_of(topic) if (topic := str(request.POST.get("topic", ""))) else None,
            conversation_id=goes_on[0].conversation_id if goes_on else None,
        )  # fmt: skip
        (kept,) = care.receive([inquiry], act=Act.now("customer", channel="portal", now=now))
        return str(kept.interaction_id)

    sender, named = f"track:{contact.order_id}", _uuid(str(request.POST.get("sending", "")))
    sent = once(effect, sender=sender, token=named, body=words.encode(), now=now)
    if sent.again and sent.changed:
        once(effect, sender=sender, token=uuid4(), body=words.encode(), now=now)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def _whole_page(
    request: HttpRequest, token: str, contact: Contact, typed: str, refusal: Refusal, now: datetime
) -> HttpResponse:
    """Without scripts: the tracking page again, with what was typed and why it was not sent."""
    page = gather(contact.order_id, now=now, is_open=is_open(request, token))
    words = {"page": page, "token": token, "typed": typed, "thread_refusals": [refusal]}
    return render(request, "portal/track.html", words, status=refusal.status)


def _back(token: str) -> HttpResponse:
    response = redirect("portal:track", token=token)
    response["Location"] += "#messages"
    return response


NO_WORDS = Refusal(code="no_words", says="There are no words in your message.", do="Write a few words, then send it.")
TOO_LONG = Refusal(
    code="too_long", says="Your message is too long.", do="Shorten it, or send it in two parts.", status=413
)
TOO_MANY = Refusal(
    code="too_many_messages", says="That were many messages in a short time.",
    do="We have all of them. Wait a little, or call us.", status=429,
)  # fmt: skip
