"""The words of delivery."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from milepost.way.tracking.words import Kind


class Handed(StrEnum):
    """How a parcel was handed over."""

    IN_HAND = "in_hand"
    SAFE_PLACE = "safe_place"
    NEIGHBOUR = "neighbour"
    LOCKER = "locker"
    COLLECTED = "collected"


class Witness(StrEnum):
    """Whose word a proof is."""

    CARRIER = "carrier"
    DRIVER = "driver"
    STAFF = "staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofDraft:
    """A proof of delivery as somebody gives it. `received_by` and `note` are personal: they stay in the row."""

    parcel_id: int
    happened_at: datetime
    handed: Handed = Handed.IN_HAND
    witness: Witness = Witness.STAFF
    received_by: str = ""
    place: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A proof of delivery as kept."""

    id: UUID
    order_id: int
    parcel_id: int
    handed: Handed
    witness: Witness
    happened_at: datetime
    received_by: str
    place: str
    note: str
    recorded_at: datetime


HANDED: Mapping[Kind, Handed] = {
    Kind.DELIVERED: Handed.IN_HAND,
    Kind.DELIVERED_SAFE_PLACE: Handed.SAFE_PLACE,
    Kind.DELIVERED_NEIGHBOUR: Handed.NEIGHBOUR,
    Kind.DELIVERED_LOCKER: Handed.LOCKER,
    Kind.COLLECTED: Handed.COLLECTED,
}
"""How a tracking event says that a parcel was handed over."""
