"""The message thread on the tracking page: staff answer it from the desk, live while both are there, by e-mail otherwise.

Whoever has the link reads it, so it holds what was said here and nothing of mails and calls (TRK-3). Words are shown as they are:
no link in them leads anywhere, and nothing is interpreted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from milepost.faces.portal.behind import dead, is_open, kept_to_themselves, whose
from milepost.faces.portal.languages import read_as
from milepost.faces.portal.masking import without_who
from milepost.faces.sent_once import once
from milepost.ground.access import queries as access
from milepost.ground.procedures import queries as procedures
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal, Refused
from milepost.kernel.texts import printable
from milepost.way.care import commands as care
from milepost.way.care import queries
from milepost.way.care.rules import topic_of
from milepost.way.care.words import Channel, Inquiry, InteractionCard, Topic
from milepost.way.orders.queries import Contact
from milepost.way.orders.words import OrderCard

LONGEST = 2000
AN_HOUR = timedelta(hours=1)
TALKS = "X-Milepost-Talk"
TOPICS = (
    ("", _("Something else")),
    (Topic.STATUS, _("Where is my order?")),
    (Topic.CHANGE, _("Change something")),
    (Topic.CANCELLATION, _("Cancel the order")),
    (Topic.COMPLAINT, _("Something is wrong")),
    (Topic.INVOICE, _("Payment and invoice")),
)


@dataclass(frozen=True, slots=True)
class Said:
    """One message. `by` is the first name of one of us; empty for the customer."""

    by: str
    ours: bool
    at: datetime
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """What was said on the page. `due_at`: by when we answer, where something waits; `hours` is what we promise otherwise."""

    said: tuple[Said, ...] = ()
    due_at: datetime | None = None
    hours: str = ""
    is_here: bool = False
    is_typing: bool = False

    def etag(self) -> str:
        """Changes when anything shown does."""
        return f'"{sha256(repr((self, get_language())).encode()).hexdigest()[:32]}"'

    @property
    def sending(self) -> str:
        """Names the next message, so that sending it twice is one message."""
        return str(uuid4())

    @property
    def topics(self) -> tuple[tuple[str, object], ...]:
        """What a first message may be about."""
        return TOPICS


def thread_of(order_id: int, *, now: datetime, shown: Callable[[str], str] = str) -> Thread:
    """The thread of an order, its words as this reader is `shown` them. Four statements; one where nothing was said yet."""
    policy = procedures.book().inquiries
    hours = policy.hours_for(Channel.PORTAL, Topic.QUESTION).normalize()
    said = queries.on_page(order_id)
    if not said:
        return Thread(hours=f"{hours:f}")
    card = queries.conversation(said[-1].conversation_id)
    key = queries.of_staff_key(said[-1].conversation_id)
    seen = queries.presence([key]).get(key)
    here = seen is not None and seen.is_here(now, policy.here_seconds)
    return Thread(
        said=_said(said, shown), due_at=card.due_at if card else None, hours=f"{hours:f}", is_here=here,
        is_typing=here and seen is not None and seen.is_typing(now),
    )  # fmt: skip


def _said(cards: list[InteractionCard], shown: Callable[[str], str]) -> tuple[Said, ...]:
    names = {card.id: card.name for card in access.staff(active_only=False)}
    return tuple(Said(_by(card, names), card.is_ours, card.at, shown(card.words)) for card in cards)


def _by(card: InteractionCard, names: dict[int, str]) -> str:
    if not card.is_ours:
        return ""
    name = names.get(card.staff_id or 0, "").split()
    return name[0] if name else str(settings.BRAND)


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


def words_for(order: Contact | OrderCard, *, is_open: bool) -> Callable[[str], str]:
    """How what people wrote is shown: as it is to who opened the link, to all others without the order's names and street."""
    name = order.name if isinstance(order, Contact) else order.contact_name
    return str if is_open else lambda words: without_who(words, order.ship_to, name)


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
    from milepost.faces.portal.page import gather  # it gathers the thread too

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
