"""What happened at the door."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from milepost.kernel.facts import OrderFact


@dataclass(frozen=True, kw_only=True)
class DeliveryProved(OrderFact):
    """There is a proof that a parcel was handed over (DEL-4); who took it stands in the proof, not here.

    `from_event`: it was read from a tracking event, so tracking knows already.
    """

    says: ClassVar[str] = "Delivery of parcel {parcel_id} proved: {kind}, by the {witness}."
    proof_id: UUID
    parcel_id: int
    kind: str
    witness: str
    happened_at: datetime
    from_event: bool
