"""Everything that the page of a customer shows, gathered in a constant number of statements (INQ-1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from milepost.ground.duties import queries as duties
from milepost.ground.duties.words import DutyCard
from milepost.ground.notices import queries as notices
from milepost.ground.notices.words import NoticeCard
from milepost.ground.parties import queries as parties
from milepost.ground.parties.words import ChannelStop, Consent, CustomerCard
from milepost.way.care import queries as care
from milepost.way.care.words import ConversationCard
from milepost.way.cases import queries as cases
from milepost.way.cases.words import CaseCard
from milepost.way.intake.words import Address
from milepost.way.orders import queries as orders
from milepost.way.orders.words import OrderCard, Search
from milepost.way.promising import queries as promising
from milepost.way.promising.words import PromiseCard

OPEN_SHOWN, PAST_SHOWN, MESSAGES_SHOWN, CONVERSATIONS_SHOWN = 50, 20, 20, 20


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One of their orders with its promise, its delay and its next step."""

    order: OrderCard
    promise: PromiseCard | None
    delay: CaseCard | None
    next: DutyCard | None
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerPage:
    """A customer with all that we have with them. `more_open`, `more_past`: the lists have more than is shown."""

    card: CustomerCard
    addresses: Sequence[Address]
    consents: Sequence[Consent]
    stops: Sequence[ChannelStop]
    owed: Mapping[str, Decimal]
    open: Sequence[OrderRow]
    past: Sequence[OrderRow]
    messages: Sequence[tuple[NoticeCard, OrderCard | None]]
    more_open: bool
    more_past: bool
    conversations: Sequence[ConversationCard] = ()

    @property
    def over_limit(self) -> bool:
        """Whether their open orders come to more than they may."""
        limit = self.card.credit_limit
        return limit is not None and self.owed.get(self.card.credit_currency, Decimal(0)) > limit


def gather(customer_id: int, *, now: datetime) -> CustomerPage | None:
    """All of a customer's page, or None when there is no such customer. Twelve statements."""
    card = parties.cards([customer_id]).get(customer_id)
    if card is None:
        return None
    opened = orders.page(Search(customer_id=customer_id, open_only=True), limit=OPEN_SHOWN + 1)
    latest = orders.of_customers([customer_id], limit=PAST_SHOWN + OPEN_SHOWN)
    past = [one for one in latest if not one.is_open]
    shown = [*opened[:OPEN_SHOWN], *past[:PAST_SHOWN]]
    by_id = {one.id: one for one in shown}
    told = notices.about(by_id, limit=MESSAGES_SHOWN)
    rows = _rows(shown, now)
    ways = [("email", card.email), ("sms", card.phone), ("phone", card.phone)]
    return CustomerPage(
        card=card, addresses=orders.addresses_of([customer_id]),
        consents=sorted(parties.consents([customer_id])[customer_id].said.values(), key=lambda one: one.at, reverse=True),
        stops=list(parties.open_stops([(channel, address) for channel, address in ways if address]).values()),
        owed={currency: total for (_, currency), total in orders.open_totals([customer_id]).items()},
        open=rows[: len(opened[:OPEN_SHOWN])], past=rows[len(opened[:OPEN_SHOWN]) :],
        messages=[(one, by_id.get(one.order_id or 0)) for one in told],
        conversations=care.of_customer(customer_id, limit=CONVERSATIONS_SHOWN),
        more_open=len(opened) > OPEN_SHOWN, more_past=len(latest) == PAST_SHOWN + OPEN_SHOWN or len(past) > PAST_SHOWN,
    )  # fmt: skip


def _rows(cards: Sequence[OrderCard], now: datetime) -> list[OrderRow]:
    wanted = [card.id for card in cards]
    standing, delayed, steps = promising.standing(wanted), cases.delayed(wanted), duties.next_steps(wanted)
    rows = []
    for card in cards:
        promise = standing[card.id].now if card.id in standing else None
        late = promise is not None and (card.delivered_at or now) > promise.latest_at and not card.cancelled_at
        rows.append(OrderRow(card, promise, delayed.get(card.id), steps.get(card.id), is_late=late))
    return rows
