"""What happened in fulfilment."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from milepost.kernel.facts import OrderFact


@dataclass(frozen=True, kw_only=True)
class OrderReleased(OrderFact):
    """The order lies on the warehouse's desk (HND-1)."""

    says: ClassVar[str] = "Released to the warehouse."


@dataclass(frozen=True, kw_only=True)
class OrderPicked(OrderFact):
    """Its goods are taken from the shelves."""

    says: ClassVar[str] = "Goods picked."


@dataclass(frozen=True, kw_only=True)
class ReleaseWithdrawn(OrderFact):
    """The warehouse shall not work on it any more."""

    says: ClassVar[str] = "Withdrawn from the warehouse."


@dataclass(frozen=True, kw_only=True)
class ReleaseFinished(OrderFact):
    """The order was amended so that nothing of it is left to pack; `shipped`: and all that was packed has left."""

    says: ClassVar[str] = "Nothing is left to pack."
    shipped: bool


@dataclass(frozen=True, kw_only=True)
class ShipmentPacked(OrderFact):
    """A shipment stands packed; `complete` when nothing of the order is left to pack."""

    says: ClassVar[str] = "Shipment {number} packed in {parcels} parcel(s)."
    shipment_id: int
    number: int
    parcels: int
    complete: bool


@dataclass(frozen=True, kw_only=True)
class ShipmentShipped(OrderFact):
    """A shipment was handed over; `complete` when nothing of the order is left to pack or ship (TRK-1)."""

    says: ClassVar[str] = "Shipment {number} handed to {carrier}, tracking {tracking_numbers}."
    shipment_id: int
    number: int
    carrier: str
    service: str
    parcel_ids: tuple[int, ...]
    tracking_numbers: tuple[str, ...]
    complete: bool


@dataclass(frozen=True, kw_only=True)
class ShipmentMoved(OrderFact):
    """A shipment followed its parcels to another state."""

    says: ClassVar[str] = "Shipment {number} went from {was} to {state}."
    shipment_id: int
    number: int
    state: str
    was: str
    reached: str
    delivered_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ShipmentCancelled(OrderFact):
    """A packed shipment was taken apart before its hand-over."""

    says: ClassVar[str] = "Shipment {number} cancelled."
    shipment_id: int
    number: int


@dataclass(frozen=True, kw_only=True)
class LabelCorrected(OrderFact):
    """A person said what really stands on a parcel's label; what carriers say of that number is about this parcel (TRK-1)."""

    says: ClassVar[str] = (
        "Label of parcel {parcel_id} corrected: {carrier} {tracking_number}, was {was_carrier} {was_number}."
    )
    parcel_id: int
    shipment_id: int
    carrier: str
    tracking_number: str
    was_carrier: str
    was_number: str
