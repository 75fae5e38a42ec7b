"""The portal of customers who have signed in: their orders, one of them, ordering it again or something new (REC-1, INQ-4)."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from milepost.faces import sent_once
from milepost.faces.desk import places
from milepost.faces.look.basket import places_in, with_a_free_row
from milepost.faces.look.finding import found_items
from milepost.faces.look.typed import Typed
from milepost.faces.portal.customers import Customer, needs_customer
from milepost.faces.portal.page import gather
from milepost.faces.portal.shop_form import FIELDS, Again, Reckoned, begun, changed, known_about, ordered_again
from milepost.ground.access import links
from milepost.ground.catalog import queries as catalog
from milepost.kernel.refusals import Refusal, Refused
from milepost.way.intake import commands as intake
from milepost.way.intake import queries as requests
from milepost.way.orders import queries
from milepost.way.orders.words import OrderCard

ON_ONE_PAGE = 20


@needs_customer
@require_safe
def my_orders(request: HttpRequest, customer: Customer) -> HttpResponse:
    """My orders, newest first; those under way, those that are over, or those with some words."""
    after, words = places.instant_and_number(request.GET.get("after", "")), request.GET.get("q", "").strip()[:200]
    which = request.GET.get("which", "")
    is_open = {"open": True, "past": False}.get(which)
    found = queries.of_customers(customer.ids, after=after, limit=ON_ONE_PAGE + 1, is_open=is_open, words=words)
    cards, more = found[:ON_ONE_PAGE], found[ON_ONE_PAGE:]
    track = links.make_all("track", [card.id for card in cards], now=timezone.now())
    last = cards[-1] if cards else None
    return render(
        request,
        "portal/shop/orders.html",
        {
            "customer": customer, "rows": [(card, track[card.id]) for card in cards], "paged": "after" in request.GET,
            "next": places.spell(last.received_at, last.id) if more and last else "", "words": words,
            "which": which if is_open is not None else "",
        },
    )  # fmt: skip


@needs_customer
@require_safe
def one(request: HttpRequest, customer: Customer, reference: str) -> HttpResponse:
    """One of my orders, with its way so far and what was agreed."""
    order, now = _mine(customer, reference), timezone.now()
    return render(
        request,
        "portal/shop/order.html",
        {
            "customer": customer, "order": order, "page": gather(order.id, now=now), "said": request.GET.get("said", ""),
            "track": links.make("track", order.id, now=now),
            "questions": links.make("questions", order.id, now=now) if requests.questions([order.id]) else "",
        },
    )  # fmt: skip


def _mine(customer: Customer, reference: str) -> OrderCard:
    """One of the customer's own orders; somebody else's is as little there as none."""
    number = queries.find(reference)
    order = queries.card(number) if number is not None else None
    if order is None or order.customer_id not in customer.ids:
        raise Http404
    return order


@needs_customer
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, customer: Customer) -> HttpResponse:
    """The order form: new or again; sent or changed by its button."""
    if request.method != "POST":
        return _begin(request, customer)
    typed, do = _read(request), request.POST.get("do", "")
    if do == "place":
        return _place(request, customer, typed)
    after, focus = changed(typed, do, queries.addresses_of(customer.ids))
    return _show(request, customer, after.drawn_anew(), focus=focus)


def _begin(request: HttpRequest, customer: Customer) -> HttpResponse:
    reference = request.GET.get("again", "")
    if not reference:
        return _show(request, customer, begun(customer))
    again = ordered_again(_mine(customer, reference), customer)
    return _show(request, customer, again.typed.drawn_anew(), again=again)


def _read(request: HttpRequest) -> Typed:
    return Typed.read({name: str(request.POST[name]) for name in request.POST}, FIELDS)


def _place(request: HttpRequest, customer: Customer, typed: Typed) -> HttpResponse:
    """Send the form: an order and its confirmation, or the form again with what is wrong."""
    act = customer.act()
    known = known_about(typed, customer, now=act.at)
    if known.problems:
        return _show(request, customer, typed.drawn_anew(), refusals=known.problems, status=422)
    incoming = known.incoming()

    def effect() -> str:
        (receipt,) = intake.receive([incoming], act=act)
        if receipt.refusals:
            raise Refused(*receipt.refusals)
        return receipt.reference

    try:
        sent = sent_once.once(effect, sender=customer.email, token=typed.token, body=incoming.raw, now=act.at)
    except Refused as refused:
        return _show(request, customer, typed.drawn_anew(), refusals=refused.refusals, status=refused.status)
    said = "before" if sent.changed else "placed"
    return redirect(reverse("shop:order", args=[sent.answer]) + f"?said={said}")


def _show(
    request: HttpRequest, customer: Customer, typed: Typed, *, focus: str = "", refusals: Sequence[Refusal] = (),
    again: Again | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The whole page. `focus` names the field that comes next."""
    known = known_about(typed.with_lines(with_a_free_row(typed.lines)), customer, now=timezone.now(), look_up=focus)
    known.form.begin_at(focus)
    words = typed.fields["q"]
    return render(
        request,
        "portal/shop/new.html",
        {
            **_summary(known), "customer": customer, "known": known, "form": known.form, "token": typed.token, "focus": focus,
            "refusals": refusals, "again": again, "found": catalog.look_up(words, limit=12) if words.strip() else None,
        },
        status=status,
    )  # fmt: skip


def _summary(known: Reckoned) -> dict[str, Any]:
    return {"basket": known.basket, "known": known}


@needs_customer
@require_POST
def reckoning(request: HttpRequest, customer: Customer) -> HttpResponse:
    """What stands beside the fields, anew, while somebody types."""
    typed = _read(request)
    known = known_about(typed, customer, now=timezone.now())
    empty = sorted(places_in(request.POST) - {line.place for line in typed.lines})
    return render(request, "portal/shop/reckoning.html", {**_summary(known), "empty": empty})


@needs_customer
@require_safe
def items(request: HttpRequest, customer: Customer) -> HttpResponse:
    """Items by what is being typed in one of the rows."""
    return found_items(request)
