"""What somebody must have seen of an order before they act on it: kinds of facts, by what they are about.

What messages, carriers and conversations add to the story while somebody types makes nothing stale.
"""

from milepost.way.cases import facts as cases
from milepost.way.closeout import facts as closeout
from milepost.way.fulfilment import facts as fulfilment
from milepost.way.intake import facts as intake
from milepost.way.orders import facts as orders
from milepost.way.promising import facts as promising
from milepost.way.stock import facts as stock


def _kinds(*facts: type) -> frozenset[str]:
    return frozenset(fact.__name__ for fact in facts)


AGREED = _kinds(orders.OrderAmended, orders.LineAmended)
STATES = _kinds(
    orders.OrderConfirmed, orders.OrderProcessing, orders.OrderPacked, orders.OrderShipped, orders.OrderInTransit,
    orders.OrderOutForDelivery, orders.OrderDelivered, orders.OrderCompleted, orders.OrderReopened, orders.OrderClosed,
    orders.OrderCancelled, orders.ArrivalCorrected,
)  # fmt: skip
HOLDS = _kinds(
    orders.OrderHeld, orders.ReleaseProposed, orders.HoldReleased, intake.FindingSettled, intake.HoldSettled,
    intake.QuestionsAnswered, intake.DiscrepanciesFound,
)  # fmt: skip
GOODS = _kinds(
    stock.StockAllocated, stock.LinesBackordered, stock.BackordersFilled, stock.BackordersEnded, stock.OrderPutFirst,
    stock.SendingAgreed, stock.StockReleased, cases.OfferMade, cases.OfferAnswered, cases.OfferLapsed, cases.OfferClosed,
)  # fmt: skip
PARCELS = _kinds(
    fulfilment.OrderReleased, fulfilment.OrderPicked, fulfilment.ReleaseWithdrawn, fulfilment.ReleaseFinished,
    fulfilment.ShipmentPacked, fulfilment.ShipmentShipped, fulfilment.ShipmentCancelled, fulfilment.LabelCorrected,
)  # fmt: skip
DATES = _kinds(
    promising.PromiseRevised, cases.DelayFound, cases.DelayResolved, cases.ExceptionFound, cases.ExceptionSettled
)
ENDING = _kinds(
    closeout.AcceptanceAsked, closeout.AcceptanceWithdrawn, closeout.AcceptanceDoubted, closeout.OrderAccepted,
    closeout.OrderDisputed,
)  # fmt: skip
LABELS = _kinds(fulfilment.LabelCorrected, fulfilment.ShipmentCancelled, orders.OrderCancelled)
ALL = AGREED | STATES | HOLDS | GOODS | PARCELS | DATES | ENDING
