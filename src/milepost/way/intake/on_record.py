"""What is on record about drafts before they are verified: their customers, orders like them, and what is owed (VER-2)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from milepost.ground.parties import commands as parties
from milepost.ground.parties import queries as known_parties
from milepost.ground.parties.words import CustomerCard
from milepost.way.intake import ports, queries
from milepost.way.intake.alike import Like
from milepost.way.intake.verification import Known
from milepost.way.intake.words import Draft


def known(
    drafts: Sequence[Draft],
    customer_ids: Sequence[int],
    *,
    own: Collection[int] = (),
    likes: Sequence[tuple[Like, ...]] | None = None,
) -> list[Known]:
    """What is known about each draft, which become orders in this order. `own`: the orders that the drafts already are; `likes`:
    what is alike, where that was looked for already.

    Two statements; two more where a customer has a credit limit, who is then locked until the transaction ends, so that two
    orders at once do not both fit under it.
    """
    cards = known_parties.cards(customer_ids)
    if likes is None:
        chosen = [replace(draft, customer_id=one) for draft, one in zip(drafts, customer_ids, strict=True)]
        likes = queries.like_requests(chosen, own=own)
    owed = _owed(drafts, customer_ids, cards, own)
    return [
        Known(
            blocked=card.blocked, like_orders=like, credit_limit=card.credit_limit, credit_currency=card.credit_currency,
            on_record={"name": card.name, "phone": card.phone, "email": card.email}, open_total=total,
        )
        for card, like, total in zip((cards[one] for one in customer_ids), likes, owed, strict=True)
    ]  # fmt: skip


def _owed(
    drafts: Sequence[Draft], customer_ids: Sequence[int], cards: Mapping[int, CustomerCard], own: Collection[int]
) -> list[Decimal]:
    """What each customer owes before this draft, those before it in the set included."""
    limited = sorted(number for number, card in cards.items() if card.credit_limit is not None)
    if not limited:
        return [Decimal(0)] * len(drafts)
    parties.lock(limited)
    totals = defaultdict(Decimal, ports.open_totals(limited, except_orders=own))
    owed = []
    for draft, customer_id in zip(drafts, customer_ids, strict=True):
        owed.append(totals[customer_id, draft.currency])
        totals[customer_id, draft.currency] += draft.total
    return owed
