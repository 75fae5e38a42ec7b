"""What facts tell without a look into the books: pure."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from milepost.kernel.facts import Fact
from milepost.overview.insight.words import Outcome
from milepost.way.orders.facts import OrderConfirmed, OrderHeld, OrderPlaced
from milepost.way.orders.words import State
from milepost.way.promising.facts import PromiseMade

CENT = Decimal("0.01")


def outcome_told(facts: Iterable[Fact], *, external_ref: str, received_at: datetime) -> Outcome | None:
    """What became of the one order that was received while these facts were recorded.

    None where they do not tell all of it: of a repeat nothing is recorded, and why an order is held stands in no fact.
    """
    told = {type(fact): fact for fact in facts}
    placed, promised = told.get(OrderPlaced), told.get(PromiseMade)
    if not isinstance(placed, OrderPlaced) or not isinstance(promised, PromiseMade) or OrderHeld in told:
        return None
    return Outcome(
        order_id=placed.order_id, reference=placed.reference, external_ref=external_ref,
        state=State.CONFIRMED if OrderConfirmed in told else State.RECEIVED, received_at=received_at,
        total=placed.total.quantize(CENT), currency=placed.currency, earliest_on=promised.earliest_on,
        latest_on=promised.latest_on, holds=(),
    )  # fmt: skip
