"""Reads of delivery; each says how many statements it takes."""

from collections import defaultdict
from collections.abc import Iterable

from milepost.way.delivery.models import DeliveryProof
from milepost.way.delivery.words import Handed, Proof, Witness

_FIELDS = (
    "id", "order_id", "parcel_id", "handed", "witness", "happened_at", "received_by", "place", "note", "recorded_at",
)  # fmt: skip


def proofs(order_ids: Iterable[int]) -> dict[int, list[Proof]]:
    """The proofs of delivery of each order, first to last (RECD-1). One statement."""
    found: dict[int, list[Proof]] = defaultdict(list)
    rows = DeliveryProof.objects.filter(order_id__in=list(order_ids)).order_by("order_id", "happened_at", "id")
    for row in rows.values(*_FIELDS):
        words = {"handed": Handed(row["handed"]), "witness": Witness(row["witness"])}
        found[row["order_id"]].append(Proof(**{**row, **words}))
    return dict(found)
