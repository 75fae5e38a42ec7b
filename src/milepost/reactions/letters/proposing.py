"""What the ledger itself would answer to "where is my order?": the short words of the letter that is true now (INQ-1, INQ-4)."""

from datetime import datetime

from django.conf import settings

from milepost.ground.notices.words import Channel
from milepost.ground.procedures import queries as procedures
from milepost.kernel.refusals import Refused
from milepost.reactions.letters.ledger import Account, read
from milepost.reactions.letters.rendering import CannotRender, render_for
from milepost.reactions.letters.wording import context_of
from milepost.way.orders.words import State

BY_STATE = {
    State.RECEIVED: "receipt_note", State.CONFIRMED: "acknowledgement", State.PROCESSING: "acknowledgement",
    State.PACKED: "acknowledgement", State.SHIPPED: "shipment_notice", State.IN_TRANSIT: "in_transit",
    State.OUT_FOR_DELIVERY: "out_for_delivery", State.DELIVERED: "delivery_confirmation",
    State.COMPLETED: "delivery_confirmation", State.CLOSED: "delivery_confirmation", State.CANCELLED: "cancellation",
}  # fmt: skip
ON_ITS_WAY = frozenset({State.SHIPPED, State.IN_TRANSIT})
BEFORE = frozenset({State.CONFIRMED, State.PROCESSING, State.PACKED})


def proposed(order_id: int, *, now: datetime) -> str:
    """The answer in the language of the order, or nothing where no letter says it. Sixteen statements."""
    account = read([order_id], now=now).get(order_id)
    if account is None:
        return ""
    book, language = procedures.book(), account.order.language or "en"
    try:
        template = book.template(_letter(account), language)
        words = context_of(account, book, language=template.language, now=now)
        _, text, _ = render_for(Channel.WEB_PUSH, template, {**words, "name": account.order.contact_name})
    except (CannotRender, Refused):
        return ""
    return text.removeprefix(settings.BRAND).lstrip(" :\u00a0\u202f")


def _letter(account: Account) -> str:
    """Which letter would say it now: that it is late, that something is short, or where it is."""
    state = State(account.order.state)
    late = account.standing is not None and account.standing.now.latest_on > account.standing.first.latest_on
    if late and state in ON_ITS_WAY | BEFORE:
        return "delay_notice"
    if account.is_short and state in BEFORE:
        return "backorder_notice"
    return BY_STATE[state]
