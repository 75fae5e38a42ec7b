"""Incoming supply, locations and substitutes as they are sent and told."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from milepost.faces.api.shapes.terms import ONE_LINE, Bulk, Code, Day, Name, Number, Sent, Told

Location = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=32, pattern=ONE_LINE)]
Identity = Annotated[UUID, Field(strict=False, description="The id that was told when the supply was announced.")]
DueOn = Annotated[Day | None, Field(strict=False, description="The day on which it is to come; null: nobody knows.")]


class SupplyIn(Sent):
    """Goods that are to come to a location; an unknown location is opened."""

    code: Code
    location: Location
    quantity: Bulk
    due_on: DueOn = None
    reference: Annotated[Number, Field(description="The supplier's or our own number; once for item and location.")] = (
        ""
    )


class SuppliesIn(Sent):
    """Up to 1,000 announcements: all or none."""

    incoming: Annotated[list[SupplyIn], Field(min_length=1, max_length=1000)]


class SupplyCorrectionIn(Sent):
    """What is now known of announced goods: their whole quantity, what arrived included, and their day."""

    id: Identity
    quantity: Bulk
    due_on: DueOn
    cancelled: Annotated[bool, Field(description="They will not come.")] = False


class SupplyCorrectionsIn(Sent):
    """Up to 1,000 corrections: all or none."""

    corrections: Annotated[list[SupplyCorrectionIn], Field(min_length=1, max_length=1000)]


class ArrivalIn(Sent):
    """Announced goods that are here: so many, or all that is awaited."""

    id: Identity
    quantity: Annotated[Bulk | None, Field(description="Left out: all that is still awaited.")] = None
    last: Annotated[bool, Field(description="No more of them will come.")] = False


class ArrivalsIn(Sent):
    """Up to 1,000 arrivals: all or none."""

    arrivals: Annotated[list[ArrivalIn], Field(min_length=1, max_length=1000)]


class SupplyOut(Told):
    """Announced goods. `awaited` is what is still to come."""

    id: UUID
    code: str
    location: str
    quantity: str
    awaited: str
    due_on: str | None
    reference: str
    state: str


class SuppliesOut(Told):
    """Announced goods, the next first; `next` is the cursor of the page after this one."""

    incoming: list[SupplyOut]
    next: str | None = None


class DoneOut(Told):
    """How many were carried out."""

    done: int


class LocationIn(Sent):
    """A place where stock lies. It is taken from the nearest one first, then from the one with the lowest priority number."""

    code: Location
    name: Annotated[Name, StringConstraints(max_length=120)] = ""
    priority: Annotated[int, Field(ge=0, le=32_000)] = 100
    serves: Annotated[
        list[Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2}(-[^\x00-\x1f\x7f]{1,20})?$", max_length=24)]],
        Field(max_length=300, description="Countries and regions that it is near to, such as `DE` or `US-CA`."),
    ] = []


class LocationsIn(Sent):
    """Up to 1,000 locations: all or none."""

    locations: Annotated[list[LocationIn], Field(min_length=1, max_length=1000)]


class StandInsIn(Sent):
    """Which items may stand in for one, best first; none at all: nothing may."""

    code: Code
    stand_ins: Annotated[list[Code], Field(max_length=20)]


class SubstitutesIn(Sent):
    """Up to 1,000 items with what may stand in for them: all or none."""

    substitutes: Annotated[list[StandInsIn], Field(min_length=1, max_length=1000)]
