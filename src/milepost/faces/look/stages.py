"""The stage line: where an order stands on its way, with the time of each step (HND-2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from milepost.ground.journal.queries import Told
from milepost.way.orders.words import State

DESK = (
    State.RECEIVED, State.CONFIRMED, State.PROCESSING, State.PACKED, State.SHIPPED, State.IN_TRANSIT, State.OUT_FOR_DELIVERY,
    State.DELIVERED, State.COMPLETED, State.CLOSED,
)  # fmt: skip
PORTAL = (State.RECEIVED, State.CONFIRMED, State.PACKED, State.SHIPPED, State.OUT_FOR_DELIVERY, State.DELIVERED)
_REACHED_BY = {
    "OrderReceived": State.RECEIVED, "OrderConfirmed": State.CONFIRMED, "OrderProcessing": State.PROCESSING,
    "OrderPacked": State.PACKED, "OrderShipped": State.SHIPPED, "OrderInTransit": State.IN_TRANSIT,
    "OrderOutForDelivery": State.OUT_FOR_DELIVERY, "OrderDelivered": State.DELIVERED, "OrderCompleted": State.COMPLETED,
    "OrderClosed": State.CLOSED, "OrderCancelled": State.CANCELLED,
}  # fmt: skip


REACHING = tuple(_REACHED_BY)
"""The kinds of facts by which a stage is reached: all that the line needs of a story."""


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the line: `place` is "done", "now" or "ahead"; `at` is when it was reached, if it was."""

    stage: str
    place: str
    at: datetime | None


def stage_line(state: str, story: Iterable[Told], stages: Sequence[State] = DESK) -> list[Step]:
    """The line of an order in `state`; a stage that was skipped on the way is done without a time."""
    reached = reached_at(story)
    if state == State.CANCELLED:
        passed = [stage for stage in stages if stage in reached and stage not in (State.COMPLETED, State.CLOSED)]
        return [*(Step(stage, "done", reached[stage]) for stage in passed), Step(state, "now", reached.get(state))]
    standing = max(
        (place for place, stage in enumerate(stages) if DESK.index(stage) <= DESK.index(State(state))), default=0
    )
    return [Step(stage, *_place(place, standing, reached.get(stage))) for place, stage in enumerate(stages)]


def _place(place: int, standing: int, at: datetime | None) -> tuple[str, datetime | None]:
    if place > standing:
        return "ahead", None
    return ("now" if place == standing else "done"), at


def reached_at(story: Iterable[Told]) -> dict[str, datetime]:
    """When each stage was last reached, by the facts of the order's story."""
    return {_REACHED_BY[told.kind]: told.occurred_at for told in story if told.kind in _REACHED_BY}
