"""Offering alternatives: pure decisions about what may stand in for a line, and whether an answer can be carried out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from milepost.ground.catalog.words import ItemCard
from milepost.ground.procedures.words import OffersPolicy
from milepost.kernel.refusals import Refusal
from milepost.way.cases.words import Choice, LineChoice, OfferAnswer, OfferCard, OfferLine, OfferState, StandIn
from milepost.way.orders.words import LineCard, State

MAY_CHOOSE = (State.RECEIVED, State.CONFIRMED, State.PROCESSING, State.PACKED)
"""While something of an order is in the house, its lines can be others."""

WORDS: Mapping[Choice, str] = {
    Choice.WAIT: "wait", Choice.SHIP_REST: "send the rest now", Choice.SUBSTITUTE: "substitute", Choice.CANCEL: "cancel",
}  # fmt: skip


def stand_ins(
    line: LineCard, quantity: Decimal, candidates: Iterable[ItemCard], free: Mapping[int, Decimal], *, currency: str,
    policy: OffersPolicy,
) -> tuple[StandIn, ...]:  # fmt: skip
    """What may be taken instead of so much of a line, best first as the catalogue ranks them.

    Only what can be ordered, is sold in the same unit and currency, is there in full, and costs no more above the line's price
    than the policy allows.
    """
    if not policy.substitutes:
        return ()
    most = line.unit_price * (1 + policy.max_price_difference / 100)
    fit = (
        item
        for item in candidates
        if item.active and item.id != line.item_id and item.unit == line.unit and item.currency == currency
        and item.price <= most and free.get(item.id, Decimal(0)) >= quantity
    )  # fmt: skip
    chosen = list(fit)[: policy.most_substitutes]
    return tuple(
        StandIn(
            item_id=item.id, code=item.code, name=item.name, unit=item.unit, unit_price=item.price,
            difference=item.price - line.unit_price, rank=rank,
        )
        for rank, item in enumerate(chosen, start=1)
    )  # fmt: skip


def objections(offer: OfferCard, answer: OfferAnswer, *, state: str, now: datetime) -> Iterator[Refusal]:
    """Why an answer comes too late; nothing for one that says again what was answered before."""
    if offer.state is OfferState.ANSWERED:
        if not is_repetition(offer, answer):
            yield ANSWERED
    elif offer.state is OfferState.LAPSED or (offer.state is OfferState.OPEN and now > offer.deadline_at):
        yield OVER
    elif offer.state is OfferState.CLOSED or state not in MAY_CHOOSE:
        yield NOTHING_TO_CHOOSE


def is_repetition(offer: OfferCard, answer: OfferAnswer) -> bool:
    """Whether the answer is the one that was carried out: the second click, the second tab."""
    return offer.state is OfferState.ANSWERED and all(
        answer.choices.get(line.position) == line.chosen for line in offer.lines if line.chosen
    )


def wrong_choices(lines: Sequence[OfferLine], answer: OfferAnswer) -> Iterator[Refusal]:
    """Lines for which nothing is chosen, or what was not offered."""
    for line in lines:
        chosen = answer.choices.get(line.position)
        if chosen is None:
            yield _about(MISSING, line)
        elif chosen.choice is Choice.SUBSTITUTE and all(one.item_id != chosen.item_id for one in line.stand_ins):
            yield _about(GONE, line)


def gone(line: OfferLine, item: StandIn) -> Refusal:
    """The refusal of a stand-in of which there is no longer enough."""
    return Refusal(
        code=GONE.code, says=GONE.says, do=GONE.do, status=GONE.status, field=f"line_{line.position}",
        values={"name": item.name},
    )  # fmt: skip


def _about(refusal: Refusal, line: OfferLine) -> Refusal:
    return Refusal(
        code=refusal.code, says=refusal.says, do=refusal.do, status=refusal.status, field=f"line_{line.position}",
        values={"name": line.name},
    )  # fmt: skip


def summary(choices: Mapping[int, LineChoice]) -> str:
    """The choices in a few words."""
    return ", ".join(f"line {position} {WORDS[chosen.choice]}" for position, chosen in sorted(choices.items()))


ANSWERED = Refusal(
    code="offer_answered",
    says="Your choice has reached us already, and we are carrying it out.",
    do="If you have changed your mind, call us or write to us.",
    status=409,
)
OVER = Refusal(
    code="offer_over",
    says="The time to choose is over, so we do what we said we would do without your answer.",
    do="If you would rather have something else, call us or write to us.",
    status=409,
)
NOTHING_TO_CHOOSE = Refusal(
    code="nothing_to_choose",
    says="There is nothing left to choose for this order.",
    do="See how your order stands now.",
    status=409,
)
NO_OFFER = Refusal(
    code="no_offer", says="There is no such offer.", do="Look at the order again.", status=404, field="offer_id"
)
MISSING = Refusal(
    code="choice_missing", says="Nothing is chosen for {name} yet.", do="Choose what we shall do, and send it again."
)
GONE = Refusal(
    code="substitute_gone",
    says="We are sorry: {name} cannot be had any more in this quantity.",
    do="Please choose again.",
    status=409,
)
