"""The list of orders, and one order with its whole story and every verb that its state and the role allow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from milepost.faces.desk import forms, places, who
from milepost.faces.desk.order_page import OrderPage, gather
from milepost.faces.desk.verbs import BY_NAME, VERBS, Verb
from milepost.ground.access.models import Staff
from milepost.ground.duties import queries as duties
from milepost.ground.duties.words import DutyCard
from milepost.kernel.refusals import Refusal, Refused
from milepost.way.cases import queries as cases
from milepost.way.cases.words import CaseCard
from milepost.way.fulfilment import queries as fulfilment
from milepost.way.orders import queries
from milepost.way.orders.words import OrderCard, Search, State
from milepost.way.promising import queries as promising
from milepost.way.promising.words import PromiseCard

ON_ONE_PAGE = 50
SHOWS = (("open", "Open"), ("held", "On hold"), ("all", "All"))


@dataclass(frozen=True, slots=True)
class Row:
    """One order of the list with its promise, its delay and its next step."""

    order: OrderCard
    promise: PromiseCard | None
    delay: CaseCard | None
    next: DutyCard | None
    is_late: bool


@who.needs("orders.read")
@require_safe
def order_list(request: HttpRequest) -> HttpResponse:
    """Orders, newest first, narrowed by what was searched; a reference or tracking number leads to its order at once."""
    text = request.GET.get("q", "").strip()[:200]
    found = _meant(text) if text else None
    if found:
        return redirect("desk:order", reference=found)
    search = _search(request, text)
    cards = queries.page(search, after=places.instant_and_number(request.GET.get("after", "")), limit=ON_ONE_PAGE + 1)
    more, cards = cards[ON_ONE_PAGE:], cards[:ON_ONE_PAGE]
    last = cards[-1] if cards else None
    return render(
        request,
        "desk/orders.html",
        {
            "rows": _rows(cards), "search": search, "show": _shown(request), "shows": SHOWS, "states": list(State),
            "next": places.spell(last.received_at, last.id) if more and last else "", "paged": "after" in request.GET,
            "narrowed": bool(text or search.state or "show" in request.GET), "query": _query(request),
        },
    )  # fmt: skip


def _meant(text: str) -> str:
    """The reference of the one order that the text names for certain: by reference, shop's number or tracking number."""
    number = queries.find(text)
    numbers = [number] if number is not None else fulfilment.orders_by_number(text)
    known = queries.contacts(numbers) if len(numbers) == 1 else {}
    return next((contact.reference for contact in known.values()), "")


def _search(request: HttpRequest, text: str) -> Search:
    state = request.GET.get("state", "")
    customer = request.GET.get("customer", "")
    show = _shown(request)
    return Search(
        text=text, state=state if state in set(State) else "", open_only=show == "open", held=show == "held",
        customer_id=int(customer) if customer.isdecimal() and len(customer) < 19 else None,
    )  # fmt: skip


def _shown(request: HttpRequest) -> str:
    """What is shown unless said otherwise: the open orders; of a search all."""
    wanted = request.GET.get("show", "")
    if wanted in dict(SHOWS):
        return wanted
    return "all" if request.GET.get("q") or request.GET.get("customer") else "open"


def _query(request: HttpRequest) -> str:
    """The search as it stands in the address, without the place in the list."""
    kept = request.GET.copy()
    kept.pop("after", None)
    return kept.urlencode()


def _rows(cards: Sequence[OrderCard]) -> list[Row]:
    """What the list says beside each order. Three statements."""
    wanted, now = [card.id for card in cards], timezone.now()
    standing, delayed, steps = promising.standing(wanted), cases.delayed(wanted), duties.next_steps(wanted)
    rows = []
    for card in cards:
        promise = standing[card.id].now if card.id in standing else None
        overdue = promise is not None and (card.delivered_at or now) > promise.latest_at and not card.cancelled_at
        rows.append(Row(card, promise, delayed.get(card.id), steps.get(card.id), is_late=overdue))
    return rows


@who.needs("orders.read")
@require_safe
def order(request: HttpRequest, reference: str) -> HttpResponse:
    """An order with its whole story."""
    page = _page(reference)
    if page.order.reference != reference:
        return redirect("desk:order", reference=page.order.reference, permanent=True)
    return _show(request, page)


@who.needs("orders.read")
@require_POST
def act_on(request: HttpRequest, reference: str, verb: str) -> HttpResponse:
    """Say a verb of an order. What is refused is told on the order's page, with what was typed."""
    chosen = BY_NAME.get(verb)
    if chosen is None:
        raise Http404
    who.require(request, chosen.permission)
    page = _page(reference)
    form = chosen.form(request.POST, page=page, auto_id=f"{chosen.name}_%s")
    if not form.is_valid():
        return _show(request, page, bound=(chosen, form), refusals=tuple(forms.first_errors(form)), status=422)
    try:
        chosen.perform(page, form, who.act(request, reason=_reason(form)))
    except Refused as refused:
        return _show(request, _page(reference), bound=(chosen, form), refusals=refused.refusals, status=refused.status)
    messages.success(request, chosen.done)
    return redirect("desk:order", reference=page.order.reference)


def _reason(form: forms.OrderForm) -> str:
    """The reason of an act: what was written as such."""
    said = form.cleaned_data
    return str(said.get("reason") or said.get("outcome") or "")


def _page(reference: str) -> OrderPage:
    order_id = queries.find(reference)
    page = None if order_id is None else gather(order_id, now=timezone.now())
    if page is None:
        raise Http404
    return page


def _show(
    request: HttpRequest, page: OrderPage, *, bound: tuple[Verb, forms.OrderForm] | None = None,
    refusals: tuple[Refusal, ...] = (), status: int = 200,
) -> HttpResponse:  # fmt: skip
    offered = list(_offered(page, who.staff(request), bound))
    menu = [(verb, form) for verb, form in offered if verb.in_menu]
    return render(
        request,
        "desk/order.html",
        {
            "page": page, "order": page.order, "refusals": refusals, "menu": menu, "tried": bound[0].name if bound else "",
            "first": next((verb.name for verb, _ in menu if verb.leads), ""), "verbs": {v.name: form for v, form in offered},
            "may_release": any(verb.name == "hold-release" for verb, _ in offered),
            "snooze": forms.SnoozeDuty(auto_id=False),
        },
        status=status,
    )  # fmt: skip


def _offered(page: OrderPage, me: Staff, bound: tuple[Verb, forms.OrderForm] | None) -> Any:
    """The verbs that the state and the role allow, with their forms; one that was tried keeps what was typed."""
    for verb in VERBS:
        if me.may(verb.permission) and verb.offered(page):
            typed = bound is not None and bound[0] is verb
            form = cast(Any, bound)[1] if typed else verb.form(page=page, auto_id=f"{verb.name}_%s")
            yield verb, form
