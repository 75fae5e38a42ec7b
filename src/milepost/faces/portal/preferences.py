"""What a customer wants to hear: each class of messages on each channel, chosen by a signed link or after signing in (NTF-1)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from milepost.faces.portal.behind import kept_to_themselves
from milepost.faces.portal.customers import Customer, needs_customer
from milepost.faces.portal.languages import spoken
from milepost.faces.portal.unsubscribing import hinted
from milepost.ground.access import links
from milepost.ground.parties import commands as parties
from milepost.ground.parties import queries
from milepost.ground.parties.words import (
    ChannelStop,
    ConsentClass,
    ConsentDraft,
    ConsentSource,
    CustomerCard,
    StopReason,
)
from milepost.ground.procedures.queries import book
from milepost.ground.procedures.words import DEFAULT, ConsentPolicy, ConsentWords
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused

OURS = frozenset({StopReason.OPTED_OUT, StopReason.COMPLAINED})
"""Stops that their owner can lift by saying yes again; what bounces is put right with us."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One class on one channel, as it stands."""

    key: str
    channel: str
    on: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """A class of messages with its channels."""

    of: str
    words: ConsentWords
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Stopped:
    """A channel on which nothing arrives, whatever is chosen; `ours`: until they say yes again."""

    channel: str
    address: str
    reason: str
    ours: bool


@dataclass(frozen=True, slots=True)
class PreferencesPage:
    """What a customer has chosen, and what keeps it from having effect."""

    kinds: tuple[Kind, ...]
    stopped: tuple[Stopped, ...]


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link of a message. What the link refuses is a page that says so (404, 410)."""
    try:
        card = _card(links.open(token, "preferences", now=timezone.now()))
        with spoken(request, card.language):
            response = _answer(request, [card], Act.now("customer", channel="portal", now=timezone.now()))
    except Refused as refused:
        response = render(request, "portal/closed.html", {"refusal": refused.refusals[0]}, status=refused.status)
    return kept_to_themselves(response)


@needs_customer
@require_http_methods(["GET", "HEAD", "POST"])
def signed_in(request: HttpRequest, customer: Customer) -> HttpResponse:
    """The same for who has signed in: for all that is on record under their address."""
    return _answer(request, customer.cards, customer.act(), customer=customer)


def _card(customer_id: int) -> CustomerCard:
    card = queries.cards([customer_id]).get(customer_id)
    if card is None:
        raise Refused(links.LINK_UNKNOWN)
    return card


def _answer(
    request: HttpRequest, cards: Sequence[CustomerCard], act: Act, customer: Customer | None = None
) -> HttpResponse:
    if request.method == "POST":
        said = _say(request, cards, act)
        return redirect(f"{request.path}?said={said}#answer")
    page = _page(book().consent, cards, get_language() or "en")
    words = {
        "preferences": page, "said": request.GET.get("said", ""), "customer": customer, "push_to": f"{request.path}browser/",
        "base": "portal/shop/base.html" if customer else "portal/base.html",
    }  # fmt: skip
    return render(request, "portal/preferences.html", words)


def _say(request: HttpRequest, cards: Sequence[CustomerCard], act: Act) -> str:
    """Give and withdraw what was changed; "none" withdraws everything. What was not on the page stays as it is.

    Who says yes on a channel that they had stopped has it again, with what they chose on it and no more.
    """
    policy, nothing = book().consent, request.POST.get("do") == "none"
    on = set() if nothing else set(request.POST.getlist("on"))
    shown = [one for one in _ways(policy) if nothing or _key(*one) in request.POST.getlist("shown")]
    stops, said = _stops(cards), queries.consents([card.id for card in cards])
    yes = {channel for of, channel in shown if _key(of, channel) in on}
    lifted = [at for at, stop in stops.items() if stop.reason in OURS and at[0] in yes]
    held = {channel for channel, _ in stops.keys() - set(lifted)}
    given, withdrawn = [], []
    for card in cards:
        for of, channel in shown:
            allowed = said[card.id].allows(of, channel, asked_first=policy.asked())
            if _key(of, channel) in on and not allowed:
                given.append(_draft(card, of, channel))
            elif _key(of, channel) not in on and allowed and (nothing or channel not in held):
                withdrawn.append(_draft(card, of, channel))
    parties.give_consent(given, act=act)
    parties.withdraw_consent(withdrawn, act=act)
    for channel, address in lifted:
        parties.resume_channel(channel, [address], act=act.because("switched on again"))
    return "none" if nothing else "kept"


def _key(of: str, channel: str) -> str:
    return f"{of}.{channel}"


def _draft(card: CustomerCard, of: ConsentClass, channel: str) -> ConsentDraft:
    return ConsentDraft(
        customer_id=card.id, consent_class=of, channel=channel, source=ConsentSource.PREFERENCES,
        wording_version=book().versions.get(("consent", DEFAULT), 0),
    )  # fmt: skip


def _page(policy: ConsentPolicy, cards: Sequence[CustomerCard], language: str) -> PreferencesPage:
    said, stops = queries.consents([card.id for card in cards]), _stops(cards)
    off = {channel for channel, _ in stops}
    kinds = []
    for of in (one for one in ConsentClass if one in policy.words):
        choices = (
            Choice(
                _key(of, channel), channel,
                channel not in off and all(one.allows(of, channel, asked_first=policy.asked()) for one in said.values()),
            )
            for channel in policy.channels
        )  # fmt: skip
        kinds.append(Kind(of, policy.wording(of, language), tuple(choices)))
    stopped = (
        Stopped(channel, hinted(address), stop.reason, stop.reason in OURS)
        for (channel, address), stop in stops.items()
    )
    return PreferencesPage(tuple(kinds), tuple(stopped))


def _ways(policy: ConsentPolicy) -> list[tuple[ConsentClass, str]]:
    return [(of, channel) for of in ConsentClass if of in policy.words for channel in policy.channels]


def _stops(cards: Sequence[CustomerCard]) -> dict[tuple[str, str], ChannelStop]:
    addresses = {
        (channel, address)
        for card in cards
        for channel, address in (("email", card.email), ("sms", card.phone), ("phone", card.phone))
        if address
    }
    return queries.open_stops(sorted(addresses))
