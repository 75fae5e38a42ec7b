"""The words of a letter's context: an order, its dates and its links as people read them, in the language of the letter."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings

from milepost.ground.procedures.words import Book
from milepost.reactions.letters import choosing, leaving, truth
from milepost.reactions.letters.ledger import Account
from milepost.reactions.letters.tongues import Tongue, later, tongue
from milepost.reactions.letters.values import address, local_day, quantity, window
from milepost.way.orders.words import LineCard
from milepost.way.promising.rules import dispatch_day
from milepost.way.stock.queries import LineStock

PAGES = {
    "track_link": "{site}/t/{track}/",
    "details_link": "{site}/t/{track}/details/",
    "confirmation_link": "{site}/t/{track}/confirmation.pdf",
    "questions_link": "{site}/t/questions/{questions}/",
    "feedback_link": "{site}/t/feedback/{feedback}/",
}
SURE = 90
"""From how many percent on a date is told without saying how sure it is."""
CAUSES = {
    "weather": later("Bad weather is holding it up on its way."),
    "carrier": later("It is held up at the carrier."),
    "customs": later("It is held up at customs."),
    "address": later("The carrier has a question about the address."),
    "supply": later("A supply that we wait for is late."),
    "supplier": later("A supply that we wait for is late."),
    "warehouse": later("It is held up in our own warehouse."),
    "us": later("It is held up in our own warehouse."),
    "consignee": later("The carrier did not find anybody to take it."),
    "security": later("It is held up by a security check."),
    "force_majeure": later("Events beyond anybody's control are holding it up."),
    "stock_arrived": later("What was missing has come in."),
    "lost": later("It was lost on its way to you."),
    "damaged": later("It was damaged on its way to you."),
    "refused": later("It was not accepted at the door."),
}
CANCELLATIONS = {
    "customer_request": later("You asked us to cancel it."),
    "customer": later("You asked us to cancel it."),
    "out_of_stock": later("We can no longer supply what you ordered."),
    "unavailable": later("We can no longer supply what you ordered."),
    "payment": later("The payment did not reach us."),
    "payment_failed": later("The payment did not reach us."),
    "duplicate": later("It had been placed twice; the other order goes on."),
    "lost": later("It was lost on its way to you."),
}


def context_of(
    account: Account, book: Book, *, language: str, now: datetime, shipments: Collection[int] = ()
) -> dict[str, Any]:
    """All that a template about an order may name, as finished words of the language; of some shipments where it is about
    them. Where no date can be stated any more, `no_date` says so instead."""
    say = tongue(language)
    words = {
        **house_of(), **_order(account, say), **_lines(account, say), **_dates(account, book, say, now),
        **links_of(account), **choosing.words(account, say, now=now), **leaving.words(account, book, shipments, say),
        **_USUALLY_EMPTY,
    }  # fmt: skip
    today = local_day(now, account.order.zone)
    if truth.no_date(account, book.telling, today=today, now=now):
        words |= {"expected": "", "arrives": "", "no_date": book.telling.freshness.sentence(say.language)}
    return words


_USUALLY_EMPTY: dict[str, Any] = {
    "no_date": "", "attempt_reason": "", "next_attempt": "", "pickup_place": [], "pickup_until": "", "duty": "",
    "due": "", "supply": [], "preferences_link": "",
}  # fmt: skip
"""What only some notices bring along; who writes those puts it in."""


def house_of() -> dict[str, str]:
    """Who writes, and how to reach us."""
    return {
        "brand": settings.BRAND,
        "support_email": settings.SUPPORT_EMAIL,
        "support_phone": settings.SUPPORT_PHONE,
        "site": settings.SITE_URL,
    }


def links_of(account: Account) -> dict[str, str]:
    """The pages behind the order's links."""
    tokens = {"track": account.track, "questions": account.questions_link, "feedback": account.feedback}
    return {name: page.format(site=settings.SITE_URL, **tokens) for name, page in PAGES.items()}


def news_count(count: int, language: str) -> str:
    """How much a digest tells."""
    return tongue(language).plural("{count} piece of news", "{count} pieces of news", count)


def _order(account: Account, say: Tongue) -> dict[str, Any]:
    order = account.order
    open_questions = [question for question in account.questions if not question.answer]
    return {
        "reference": order.reference,
        "name": order.contact_name,
        "received_on": say.day(local_day(order.received_at, order.zone)),
        "po_number": order.po_number,
        "ship_to": address(order.ship_to, say),
        "is_short": account.is_short,
        "questions": open_questions,
        "question_count": say.plural("{count} question", "{count} questions", len(open_questions)),
        "cancelled_because": say(CANCELLATIONS.get(order.cancel_reason, "")),
    }


def _lines(account: Account, say: Tongue) -> dict[str, Any]:
    order = account.order
    lines = [_line(line, account.stock.get(line.position, _NO_STOCK), order.currency, say) for line in order.lines]
    return {
        "lines": lines,
        "item_count": say.plural("{count} item", "{count} items", sum(not line.cancelled for line in order.lines)),
        "items_total": say.money(order.items_total, order.currency),
        "freight": say.money(order.freight, order.currency) if order.freight else "",
        "tax": say.money(order.tax, order.currency) if order.tax else "",
        "charges": say.money(order.charges, order.currency) if order.charges else "",
        "total": say.money(order.total, order.currency),
    }


_NO_STOCK = LineStock()


def _line(line: LineCard, stock: LineStock, currency: str, say: Tongue) -> dict[str, Any]:
    return {
        "code": line.code,
        "name": " ".join(line.name.split()),
        "quantity": quantity(line.quantity, line.unit, say.language),
        "price": say.money(line.unit_price, currency),
        "total": say.money(line.total, currency),
        "waiting": quantity(stock.short, line.unit, say.language) if stock.short else "",
        "instructions": line.instructions.strip(),
        "cancelled": line.cancelled,
    }


def _dates(account: Account, book: Book, say: Tongue, now: datetime) -> dict[str, Any]:
    order, standing = account.order, account.standing
    words: dict[str, Any] = {
        "confidence": "",
        "expected": "",
        "expected_first": "",
        "leaves_by": "",
        "cause": "",
        "delivered_on": "",
    }
    if order.delivered_at:
        words["delivered_on"] = say.day(local_day(order.delivered_at, order.zone))
    if standing:
        words["expected"] = window(standing.now, say)
        words["expected_first"] = window(standing.first, say) if standing.revised else ""
        words["cause"] = say(CAUSES.get(standing.now.cause, ""))
        if standing.revised and standing.now.confidence < SURE:
            words["confidence"] = say("We are {percent} % sure of this date.").format(percent=standing.now.confidence)
        leaves = dispatch_day(book.promising, book.calendar(), now=order.received_at, short=account.is_short)
        leaves = min(leaves, standing.now.latest_on)
        ahead = order.shipped_at is None and leaves >= local_day(now, order.zone)
        words["leaves_by"] = say.day(leaves) if ahead else ""
    return words
