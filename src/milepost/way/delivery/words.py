"""The words of delivery."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


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
