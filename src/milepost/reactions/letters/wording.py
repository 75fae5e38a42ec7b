"""The words of a letter's context: an order, its dates and its links as people read them."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from milepost.ground.procedures.words import Book
from milepost.reactions.letters import choosing, leaving
from milepost.reactions.letters.ledger import Account
from milepost.reactions.letters.values import local_day, long_day, money, quantity, window
from milepost.way.orders.words import LineCard
from milepost.way.promising.rules import dispatch_day
from milepost.way.stock.queries import LineStock

TRACKING_PAGE = "{site}/t/{token}/"
QUESTIONS_PAGE = "{site}/t/questions/{token}/"
FEEDBACK_PAGE = "{site}/t/feedback/{token}/"

CAUSES = {
    "weather": gettext_noop("Bad weather is holding it up on its way."),
    "carrier": gettext_noop("It is held up at the carrier."),
    "customs": gettext_noop("It is held up at customs."),
    "address": gettext_noop("The carrier has a question about the address."),
    "supply": gettext_noop("A supply that we wait for is late."),
    "supplier": gettext_noop("A supply that we wait for is late."),
    "warehouse": gettext_noop("It is held up in our own warehouse."),
    "us": gettext_noop("It is held up in our own warehouse."),
    "consignee": gettext_noop("The carrier did not find anybody to take it."),
    "security": gettext_noop("It is held up by a security check."),
    "force_majeure": gettext_noop("Events beyond anybody's control are holding it up."),
    "stock_arrived": gettext_noop("What was missing has come in."),
}
CANCELLATIONS = {
    "customer_request": gettext_noop("You asked us to cancel it."),
    "customer": gettext_noop("You asked us to cancel it."),
    "out_of_stock": gettext_noop("We can no longer supply what you ordered."),
    "unavailable": gettext_noop("We can no longer supply what you ordered."),
    "payment": gettext_noop("The payment did not reach us."),
    "payment_failed": gettext_noop("The payment did not reach us."),
    "duplicate": gettext_noop("It had been placed twice; the other order goes on."),
    "lost": gettext_noop("It was lost on its way to you."),
}


def context_of(
    account: Account, book: Book, *, language: str, now: datetime, shipment_id: int | None = None
) -> dict[str, Any]:
    """All that a template may name, as finished words of the language; of one shipment where it is about one."""
    order = account.order
    with translation.override(language):
        return {
            **_house(),
            "reference": order.reference,
            "name": order.contact_name,
            "received_on": long_day(local_day(order.received_at, order.zone)),
            "po_number": order.po_number,
            "lines": [
                _line(line, account.stock.get(line.position, LineStock()), order.currency) for line in order.lines
            ],
            "items_total": money(order.items_total, order.currency),
            "freight": money(order.freight, order.currency) if order.freight else "",
            "tax": money(order.tax, order.currency) if order.tax else "",
            "charges": money(order.charges, order.currency) if order.charges else "",
            "total": money(order.total, order.currency),
            "ship_to": order.ship_to.lines(),
            "is_short": account.is_short,
            "questions": [question for question in account.questions if not question.answer],
            **_dates(account, book, now),
            "cancelled_because": _(CANCELLATIONS.get(order.cancel_reason, "")) if order.cancel_reason else "",
            **_links(account),
            **choosing.words(account, now=now),
            **leaving.words(account, book, shipment_id),
        }


def _house() -> dict[str, str]:
    return {
        "brand": settings.BRAND,
        "support_email": settings.SUPPORT_EMAIL,
        "support_phone": settings.SUPPORT_PHONE,
        "site": settings.SITE_URL,
    }


def _links(account: Account) -> dict[str, str]:
    return {
        "track_link": TRACKING_PAGE.format(site=settings.SITE_URL, token=account.track),
        "questions_link": QUESTIONS_PAGE.format(site=settings.SITE_URL, token=account.questions_link),
        "feedback_link": FEEDBACK_PAGE.format(site=settings.SITE_URL, token=account.feedback),
    }


def _dates(account: Account, book: Book, now: datetime) -> dict[str, Any]:
    order, standing = account.order, account.standing
    words: dict[str, Any] = {"expected": "", "expected_first": "", "leaves_by": "", "cause": "", "delivered_on": ""}
    if order.delivered_at:
        words["delivered_on"] = long_day(local_day(order.delivered_at, order.zone))
    if standing:
        words["expected"] = window(standing.now)
        words["expected_first"] = window(standing.first) if standing.revised else ""
        words["cause"] = _(CAUSES[standing.now.cause]) if standing.now.cause in CAUSES else ""
        leaves = dispatch_day(book.promising, book.calendar(), now=order.received_at, short=account.is_short)
        leaves = min(leaves, standing.now.latest_on)
        ahead = order.shipped_at is None and leaves >= local_day(now, order.zone)
        words["leaves_by"] = long_day(leaves) if ahead else ""
    return words


def _line(line: LineCard, stock: LineStock, currency: str) -> dict[str, Any]:
    return {
        "code": line.code,
        "name": " ".join(line.name.split()),
        "quantity": quantity(line.quantity, line.unit),
        "price": money(line.unit_price, currency),
        "total": money(line.total, currency),
        "waiting": quantity(stock.short, line.unit) if stock.short else "",
        "instructions": line.instructions.strip(),
        "cancelled": line.cancelled,
    }
