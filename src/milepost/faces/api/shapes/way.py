"""Shipments, tracking events, acceptances and feedback as they are sent."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from milepost.faces.api.shapes.terms import (
    ONE_LINE,
    Day,
    Instant,
    Name,
    OccurredAt,
    OrderName,
    Prose,
    Quantity,
    Sent,
    Told,
    Word,
)  # fmt: skip
from milepost.way.tracking.words import Cause, Kind


class ShippedLineIn(Sent):
    """How much of a line is in the box."""

    position: Annotated[int, Field(ge=1, le=1000)]
    quantity: Quantity


class ShipmentIn(Sent):
    """One box that was picked, packed and handed over. Without lines it holds whatever is left of the order."""

    order: OrderName
    carrier: Annotated[
        str,
        StringConstraints(strip_whitespace=True, max_length=40, pattern=ONE_LINE),
        Field(description="Its code; left out, it is told by the tracking number."),
    ] = ""
    service: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60, pattern=ONE_LINE)] = ""
    tracking_number: Annotated[Word, Field(description="The carrier's; without one it gets ours (UPU S10).")] = ""
    number_confirmed: Annotated[bool, Field(description="It was read twice, though its check digit seems wrong.")] = (
        False
    )
    lines: Annotated[list[ShippedLineIn], Field(max_length=1000)] = []
    occurred_at: OccurredAt | None = None


class ShipmentsIn(Sent):
    """Boxes that left the house: all or none."""

    shipments: Annotated[list[ShipmentIn], Field(min_length=1, max_length=1000)]


class ShippedOut(Told):
    """A shipment that was handed over."""

    order: str
    reference: str
    state: str
    tracking_numbers: list[str]


class ShippedAllOut(Told):
    """What was handed over, in the order in which it was sent."""

    shipments: list[ShippedOut]


def _sayable(kind: Kind) -> Kind:
    if kind is Kind.UNKNOWN:
        raise PydanticCustomError("unknown_word", "say what happened")
    return kind


class EventIn(Sent):
    """One dated statement about a parcel (or about all parcels of an order)."""

    tracking_number: Word = ""
    order: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80, pattern=ONE_LINE)] = ""
    carrier: Word = ""
    code: Annotated[Kind, AfterValidator(_sayable)]
    happened_at: Instant
    place: Name = ""
    city: Name = ""
    region: Name = ""
    country: Annotated[str, StringConstraints(pattern="^([A-Z]{2})?$"), Field(description="ISO 3166-1 alpha-2.")] = ""
    latitude: Annotated[Decimal, Field(ge=-90, le=90, max_digits=8, decimal_places=6)] | None = None
    longitude: Annotated[Decimal, Field(ge=-180, le=180, max_digits=9, decimal_places=6)] | None = None
    reason: Cause | None = None
    estimate_on: Day | None = None
    signed_by: Name = ""
    corrects: UUID | None = None

    @model_validator(mode="after")
    def names_something(self) -> "EventIn":
        """A statement is about a parcel."""
        if not (self.tracking_number or self.order):
            raise PydanticCustomError("missing_number", "name the tracking number or the order")
        return self


class EventsIn(Sent):
    """Up to 5,000 events, in any order; repeats change nothing."""

    events: Annotated[list[EventIn], Field(min_length=1, max_length=5000)]


class EventRefusedOut(Told):
    """An event that was not recorded, and why."""

    index: int | None
    field: str
    code: str
    sentence: str
    next_step: str


class EventsOut(Told):
    """What became of the events: new ones, repeats that changed nothing, and those that were refused."""

    recorded: int
    repeated: int
    refused: list[EventRefusedOut]


class AcceptanceIn(Sent):
    """The customer has what was agreed."""

    order: OrderName
    occurred_at: OccurredAt | None = None


class AcceptancesIn(Sent):
    """Orders whose goods were accepted: all or none."""

    acceptances: Annotated[list[AcceptanceIn], Field(min_length=1, max_length=1000)]


class FeedbackIn(Sent):
    """A rating from 1 to 5; an order may have several, and each counts."""

    order: OrderName
    rating: Annotated[int, Field(ge=1, le=5)]
    comment: Prose = ""
    occurred_at: OccurredAt | None = None


class FeedbackListIn(Sent):
    """Ratings: all or none."""

    feedback: Annotated[list[FeedbackIn], Field(min_length=1, max_length=1000)]


class FeedbackOut(Told):
    """How many ratings were kept."""

    kept: int


class RawOut(Told):
    """The raw delivery was kept under this id; it is processed from the store. A ping is not kept, so its id is null."""

    id: UUID | None
