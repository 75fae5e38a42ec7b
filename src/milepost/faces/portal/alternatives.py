"""The page on which a customer chooses what is done about lines that are short (STK-2, EXC-5). The link is the only key."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from milepost.faces.portal.languages import read_by
from milepost.ground.access import links
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal, Refused
from milepost.way.cases import commands as cases
from milepost.way.cases import queries as offers
from milepost.way.cases.words import Choice, LineChoice, OfferAnswer, OfferCard, OfferLine, OfferState, StandIn
from milepost.way.orders import queries as orders
from milepost.way.promising import queries as promising
from milepost.way.promising.words import PromiseCard
from milepost.way.stock import queries as stock
from milepost.way.stock.words import Waiting

PURPOSE = "alternatives"
ITEM = "item:"
"""What stands before an item's id in the value of its radio button."""


@dataclass(frozen=True, slots=True)
class Instead:
    """A stand-in with the value of its radio button. `is_there`: enough of it is kept aside or free."""

    item: StandIn
    value: str
    is_there: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """A line of the offer as it stands now; `short` is 0 when it has come meanwhile."""

    line: OfferLine
    field: str
    short: Decimal
    expected_on: object
    instead: tuple[Instead, ...]
    picked: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternativesPage:
    """An offer with the order that it is about, without anybody's name or street."""

    order_id: int
    reference: str
    offer: OfferCard
    outcome: str
    lines: tuple[LineView, ...]
    total: Decimal
    promise: PromiseCard | None


def gather(order_id: int, *, now: datetime, picked: Mapping[str, str] | None = None) -> AlternativesPage | None:
    """The latest offer of an order as it stands now, or None where nothing was ever offered. Fifteen statements at most."""
    offer = offers.latest_offers([order_id]).get(order_id)
    order = orders.card(order_id)
    if offer is None or order is None:
        return None
    waiting = {one.position: one for one in stock.waiting([order_id]).get(order_id, [])}
    standing = promising.standing([order_id]).get(order_id)
    return AlternativesPage(
        order_id=order_id, reference=order.reference, offer=offer, total=order.total,
        outcome=_outcome(offer, waiting, now), lines=_lines(offer, waiting, picked or {}),
        promise=standing.now if standing else None,
    )  # fmt: skip


def _outcome(offer: OfferCard, waiting: Mapping[int, Waiting], now: datetime) -> str:
    """What the page has to say: `choose`, or how it ended."""
    if offer.state is not OfferState.OPEN:
        return offer.closed_because.value if offer.state is OfferState.CLOSED else offer.state.value
    if not waiting:
        return "stock_came"
    return "choose" if now <= offer.deadline_at else "over"


def _lines(offer: OfferCard, waiting: Mapping[int, Waiting], picked: Mapping[str, str]) -> tuple[LineView, ...]:
    wanted = sorted({item.item_id for line in offer.lines for item in line.stand_ins})
    free = {key: found.free for key, found in stock.availability(wanted).items()} if wanted else {}
    kept = stock.kept_aside([offer.order_id]) if wanted else {}
    views = []
    for line in offer.lines:
        here = waiting.get(line.position)
        short = here.quantity if here else Decimal(0)
        instead = tuple(
            Instead(
                item, f"{ITEM}{item.item_id}",
                free[item.item_id] + kept.get((offer.order_id, item.item_id), Decimal(0)) >= short,
            )
            for item in line.stand_ins
        )  # fmt: skip
        field = f"line_{line.position}"
        views.append(
            LineView(
                line=line, field=field, short=short, expected_on=here.expected_on if here else None, instead=instead,
                picked=picked.get(field, ""),
            )
        )  # fmt: skip
    return tuple(views)


def choices_in(posted: QueryDict | Mapping[str, str], offer: OfferCard) -> dict[int, LineChoice]:
    """What was picked for each line; what cannot be read is no choice."""
    found = {line.position: _choice(str(posted.get(f"line_{line.position}", ""))) for line in offer.lines}
    return {position: choice for position, choice in found.items() if choice}


def _choice(value: str) -> LineChoice | None:
    if value.startswith(ITEM):
        number = value.removeprefix(ITEM)
        fits = number.isascii() and number.isdecimal() and len(number) < 19
        return LineChoice(choice=Choice.SUBSTITUTE, item_id=int(number)) if fits else None
    known = {choice.value: choice for choice in Choice if choice is not Choice.SUBSTITUTE}
    return LineChoice(choice=known[value]) if value in known else None


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def alternatives(request: HttpRequest, token: str) -> HttpResponse:
    """See what can be chosen, and choose. What the link refuses is a page that says so (404, 410)."""
    now = timezone.now()
    try:
        order_id = links.open(token, PURPOSE, now=now)
        with read_by(request, order_id):
            response = _answer(request, token, order_id, now)
    except Refused as refused:
        response = render(request, "portal/closed.html", {"refusal": refused.refusals[0]}, status=refused.status)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _answer(request: HttpRequest, token: str, order_id: int, now: datetime) -> HttpResponse:
    page = _page(order_id, now)
    if request.method != "POST":
        return _show(request, token, page)
    answer = OfferAnswer(order_id=order_id, offer_id=page.offer.id, choices=choices_in(request.POST, page.offer))
    try:
        cases.accept([answer], act=Act.now("customer", channel="portal", now=now))
    except Refused as refused:
        picked = {name: str(value) for name, value in request.POST.items()}
        return _show(request, token, _page(order_id, now, picked), refusals=refused.refusals)
    return redirect("portal:alternatives", token=token)


def _page(order_id: int, now: datetime, picked: Mapping[str, str] | None = None) -> AlternativesPage:
    page = gather(order_id, now=now, picked=picked)
    if page is None:
        raise Refused(links.LINK_UNKNOWN)
    return page


def _show(
    request: HttpRequest, token: str, page: AlternativesPage, *, refusals: tuple[Refusal, ...] = ()
) -> HttpResponse:
    return render(
        request, "portal/alternatives.html", {"page": page, "token": token, "refusals": refusals},
        status=refusals[0].status if refusals else 200,
    )  # fmt: skip
