"""The words of an offer: what waits for stock, what can be chosen until when, and what was chosen (STK-2)."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from milepost.reactions.letters.ledger import Account
from milepost.reactions.letters.tongues import Tongue, later
from milepost.reactions.letters.values import local_day, quantity
from milepost.way.cases.words import Choice, OfferCard, OfferLine, OfferState, StandIn

PAGE = "{site}/t/alternatives/{token}/"
DEFAULTS = {
    Choice.WAIT: later("we keep the order together and send it as soon as everything is here"),
    Choice.SHIP_REST: later("we send what is in stock, and the rest as soon as it is here"),
    Choice.CANCEL: later("we cancel what is missing and send the rest"),
}
"""What is done without an answer; the rest of a sentence."""
DONE = {
    Choice.WAIT: later("We wait for it and send everything together."),
    Choice.SHIP_REST: later("We send what is in stock now; this follows as soon as it is here."),
    Choice.CANCEL: later("It is cancelled."),
}


def words(account: Account, say: Tongue, *, now: datetime) -> dict[str, Any]:
    """What waits, the offer while it can be answered, and the choices that were carried out."""
    offer = account.offer
    settled = offer if offer and offer.state in (OfferState.ANSWERED, OfferState.LAPSED) else None
    return {
        "waiting": _waiting(account, say),
        "offer": _offer(offer, account, say) if offer and offer.is_open(now) else None,
        "alternatives_link": PAGE.format(site=settings.SITE_URL, token=account.alternatives),
        "no_answer_came": settled is not None and settled.state is OfferState.LAPSED,
        "choices": [_choice(line, account, say) for line in settled.lines if line.carried] if settled else [],
    }


def _waiting(account: Account, say: Tongue) -> list[dict[str, str]]:
    lines = {line.position: line for line in account.order.lines}
    return [
        {
            "name": lines[one.position].name or lines[one.position].code, "code": lines[one.position].code,
            "quantity": quantity(one.quantity, lines[one.position].unit, say.language),
            "expected": say.day(one.expected_on) if one.expected_on else "",
        }
        for one in account.waiting
        if one.position in lines
    ]  # fmt: skip


def _offer(offer: OfferCard, account: Account, say: Tongue) -> dict[str, Any]:
    items = [_stand_in(item, line, offer.currency, say) for line in offer.lines for item in line.stand_ins]
    return {
        "until": say.day(local_day(offer.deadline_at, account.order.zone)),
        "default": say(DEFAULTS[offer.default]),
        "stand_ins": items,
    }


def _stand_in(item: StandIn, line: OfferLine, currency: str, say: Tongue) -> dict[str, str]:
    return {
        "instead_of": line.name, "name": item.name, "code": item.code, "quantity": quantity(line.quantity, item.unit, say.language),
        "price": say.money(item.unit_price, currency),
        "difference": _difference(item.difference, currency, say),
    }  # fmt: skip


def _difference(difference: Decimal, currency: str, say: Tongue) -> str:
    if not difference:
        return say("at the same price")
    amount = say.money(abs(difference), currency)
    return (say("{amount} more") if difference > 0 else say("{amount} less")).format(amount=amount)


def _choice(line: OfferLine, account: Account, say: Tongue) -> dict[str, str]:
    chosen, taken = line.chosen, line.taken
    done = say(DONE[chosen.choice]) if chosen and chosen.choice in DONE else ""
    if taken:
        done = say("You get {name} instead.").format(name=taken.name)
    waiting = next((one for one in account.waiting if one.position == line.position), None)
    return {
        "name": line.name, "quantity": quantity(line.carried or Decimal(0), line.unit, say.language), "done": done,
        "expected": say.day(waiting.expected_on) if waiting and waiting.expected_on else "",
    }  # fmt: skip
