"""One order: its whole story, every verb that its state and the role allow, and what somebody else did meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_POST, require_safe

from milepost.faces.desk import forms, who
from milepost.faces.desk.order import verbs
from milepost.faces.desk.order.meanwhile import Meanwhile, NoLonger, since, typed_words
from milepost.faces.desk.order.order_holds import holds_of
from milepost.faces.desk.order.order_page import OrderPage, gather
from milepost.faces.desk.order.order_story import asked_for, story_of
from milepost.faces.desk.order.verbs import BY_NAME, Verb
from milepost.faces.desk.people import people
from milepost.ground.journal import queries as journal
from milepost.ground.journal.commands import STALE
from milepost.kernel.refusals import Refusal, Refused, refuse_any
from milepost.way.orders import commands as orders
from milepost.way.orders import queries


@dataclass(frozen=True, slots=True)
class Tried:
    """A verb that somebody tried to say, with what they typed, and why it was not carried out."""

    verb: Verb
    form: forms.OrderForm
    refusals: tuple[Refusal, ...] = ()
    status: int = 422
    meanwhile: Meanwhile | None = None


@who.needs("orders.read")
@require_safe
def order(request: HttpRequest, reference: str) -> HttpResponse:
    """An order with its whole story."""
    page = _page(request, _number(reference))
    if page.order.reference != reference:
        return redirect("desk:order", reference=page.order.reference, permanent=True)
    return _show(request, page)


@who.needs("orders.read")
@require_safe
def story(request: HttpRequest, reference: str) -> HttpResponse:
    """The story alone, as a piece of the page: what was asked of it."""
    told = story_of(_number(reference), asked_for(request.GET), people())
    return render(request, "desk/order/story.html", {"story": told, "reference": reference})


@who.needs("orders.read")
@require_safe
def news(request: HttpRequest, reference: str) -> HttpResponse:
    """What happened since the page was opened, in one line; unchanged since the last look: 304. Two statements then."""
    order_id, seen = _number(reference), _sequence(request.GET.get("seen", "")) or 0
    head = journal.head(order_id)
    etag = f'"{sha256(f"{order_id}:{seen}:{head}".encode()).hexdigest()[:16]}"'
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return unchanged
    found = since(order_id, seen, people()) if head > seen else None
    response = render(request, "desk/order/news.html", {"news": found, "reference": reference})
    response.headers["ETag"] = etag
    return response


@who.needs("orders.read")
@require_POST
def act_on(request: HttpRequest, reference: str, verb: str) -> HttpResponse:
    """Say a verb of an order as it was seen. What is refused is told on the order's page, with what was typed."""
    chosen = BY_NAME.get(verb)
    if chosen is None:
        raise Http404
    who.require(request, chosen.permission)
    order_id = _number(reference)
    tried = _tried(request, chosen, order_id)
    if tried is not None:
        return _show(request, _page(request, order_id), tried)
    messages.success(request, chosen.done)
    return redirect("desk:order", reference=queries.contacts([order_id])[order_id].reference)


def _tried(request: HttpRequest, verb: Verb, order_id: int) -> Tried | None:
    """None when it was carried out. The order is locked, looked at and changed in one transaction, so what is refused is refused by
    how it stands at that moment."""
    seen = _sequence(request.POST.get("seen", ""))
    form: forms.OrderForm | None = None
    try:
        with orders.as_seen(order_id, sequence=seen, heeds=verb.heeds):
            page = _page(request, order_id)
            form = _filled(request, verb, page)
            refuse_any(why for why in [verb.refusal(page, who.staff(request))] if why)
            if not form.is_valid():
                return Tried(verb, form, tuple(forms.first_errors(form)))
            verb.perform(page, form, who.act(request, reason=_reason(form)))
    except Refused as refused:
        stale = STALE in refused.refusals
        found = since(order_id, seen or 0, people(), kinds=verb.heeds) if stale else None
        page = _page(request, order_id)
        form = _filled(request, verb, page).seen_again(page) if stale or form is None else form
        return Tried(verb, form, refused.refusals, refused.status, found)
    return None


def _filled(request: HttpRequest, verb: Verb, page: OrderPage) -> forms.OrderForm:
    return verb.form(request.POST, page=page, auto_id=f"{verb.name}_%s")


def _sequence(text: str) -> int | None:
    """Which fact of the story was the last when the page was opened; nonsense means none of it. None where nothing is said."""
    if not text:
        return None
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _reason(form: forms.OrderForm) -> str:
    """The reason of an act: what was written as such."""
    said = form.cleaned_data
    return str(said.get("reason") or said.get("outcome") or "")


def _number(reference: str) -> int:
    order_id = queries.find(reference)
    if order_id is None:
        raise Http404
    return order_id


def _page(request: HttpRequest, order_id: int) -> OrderPage:
    page = gather(order_id, now=timezone.now(), asked=asked_for(request.GET))
    if page is None:
        raise Http404
    return page


def _show(request: HttpRequest, page: OrderPage, tried: Tried | None = None) -> HttpResponse:
    me = who.staff(request)
    offered = {verb.name: (verb, _form(verb, page, tried)) for verb in verbs.offered(page, me)}
    menu = [(verb, form) for verb, form in offered.values() if verb.in_menu]
    lost = tried is not None and tried.verb.name not in offered
    return render(
        request,
        "desk/order.html",
        {
            "page": page, "order": page.order, "refusals": tried.refusals if tried else (), "menu": menu,
            "tried": tried.verb.name if tried else "", "tried_form": tried.form if tried else None,
            "meanwhile": tried.meanwhile if tried else None,
            "no_longer": NoLonger(tried.verb, typed_words(tried.form)) if tried and lost else None,
            "first": next((verb.name for verb, _ in menu if verb.leads), ""),
            "verbs": {name: form for name, (_, form) in offered.items()},
            "not_now": _not_now(page, me), "holds": holds_of(page, me), "story": page.story, "reference": page.order.reference,
            "snooze": forms.SnoozeDuty(auto_id=False),
        },
        status=tried.status if tried else 200,
    )  # fmt: skip


def _form(verb: Verb, page: OrderPage, tried: Tried | None) -> forms.OrderForm:
    """The form of a verb; of the one that was tried, with what was typed."""
    if tried is not None and tried.verb is verb:
        return tried.form
    return verb.form(page=page, auto_id=f"{verb.name}_%s")


def _not_now(page: OrderPage, me: Any) -> Sequence[tuple[Verb, Refusal]]:
    """What cannot be done now; what the order does not let anybody do goes before what is for others."""
    return sorted(verbs.refused(page, me), key=lambda one: one[1].code == "not_allowed")
