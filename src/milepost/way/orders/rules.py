"""Pure decisions about orders."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from milepost.kernel.refusals import Refusal
from milepost.kernel.transitions import Machine
from milepost.way.intake.words import Finding
from milepost.way.orders.states import ORDER
from milepost.way.orders.words import STAGES, HoldCard, State, WantedHold

_FORWARD = {
    State.PROCESSING: "process", State.PACKED: "pack", State.SHIPPED: "ship", State.IN_TRANSIT: "transit",
    State.OUT_FOR_DELIVERY: "go_out", State.DELIVERED: "deliver",
}  # fmt: skip
_BACK = {
    State.SHIPPED: "take_back_to_shipped",
    State.IN_TRANSIT: "take_back_to_transit",
    State.OUT_FOR_DELIVERY: "take_back_to_delivery",
}


def verb_towards(state: str, stage: str, machine: Machine = ORDER) -> str | None:
    """The verb that leads from `state` to `stage`, forwards or back after a correction; None when there is nothing to do.

    Nothing is done to an order that was completed, closed or cancelled, or that is already there.
    """
    if state == stage or state not in STAGES or stage not in STAGES:
        return None
    forwards = STAGES.index(State(stage)) > STAGES.index(State(state))
    verb = (_FORWARD if forwards else _BACK).get(State(stage))
    return verb if verb and machine.allows(state, verb) else None


def still_held(reference: str, holds: Iterable[HoldCard]) -> list[Refusal]:
    """Why an order may not be confirmed: its open blocking holds."""
    return [
        Refusal(
            code="held",
            says="Order {reference} is on hold: {reason}",
            do="Settle and release the hold first.",
            status=409,
            values={"reference": reference, "reason": hold.reason},
        )
        for hold in holds
        if hold.blocking and hold.released_at is None
    ]


def holds_for(order_id: int, findings: Sequence[Finding]) -> list[WantedHold]:
    """One hold for each kind of hold that blocking findings ask for; if one of them takes two people, the hold does."""
    kinds: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.blocking:
            kinds[finding.hold].append(finding)
    return [
        WantedHold(
            order_id=order_id, kind=kind, role=reasons[0].role,
            reason="; ".join(f"{reason.field}: expected {reason.expected}" for reason in reasons),
            approver=next((reason.approver for reason in reasons if reason.approver), ""),
            evidence={"fields": [reason.field for reason in reasons]},
        )
        for kind, reasons in kinds.items()
    ]  # fmt: skip


def reviewed_by(actor: str) -> str:
    """Whether a person looked at the order before it was confirmed, or the procedure's rules did."""
    return "staff" if actor.startswith("staff:") else "rule"


def line_total(quantity: Decimal, unit_price: Decimal) -> Decimal:
    """Quantity times price, to the cent (half even)."""
    return (quantity * unit_price).quantize(Decimal("0.01"))


def cancel_verb(state: str) -> str:
    """Cancelling what has left the house is writing it off, and management's to say."""
    on_the_way = (State.SHIPPED, State.IN_TRANSIT, State.OUT_FOR_DELIVERY)
    return "write_off" if state in on_the_way else "cancel"
