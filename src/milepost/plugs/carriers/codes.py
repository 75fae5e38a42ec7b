"""How a vendor's codes become our words: tables keyed by the vendor's own codes, and one rule for all of them.

The rule: a detail decides where it says something; a status decides only where no detail does. A pair that no table knows is
unknown to us: kept as it came, shown to IT, told to nobody else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from milepost.way.tracking.words import DELIVERIES, Cause, Kind

Meaning = tuple[Kind, Cause | None]

ON_THE_WAY = frozenset(
    {
        Kind.PICKED_UP, Kind.IN_TRANSIT, Kind.ARRIVED_HUB, Kind.DEPARTED_HUB, Kind.ARRIVED_DESTINATION, Kind.HANDED_OVER,
        Kind.REDIRECTED, Kind.OUT_FOR_DELIVERY, Kind.DELIVERY_SCHEDULED, Kind.READY_FOR_PICKUP,
    }
)  # fmt: skip
"""Kinds that say that a parcel moves on; said of one that goes back, they say that it is going back."""


@dataclass(frozen=True, slots=True)
class Codes:
    """A vendor's codes. `silent` details leave it to the status; in `pairs` the status changes what the detail means."""

    statuses: Mapping[str, Meaning]
    details: Mapping[str, Meaning] = field(default_factory=dict)
    pairs: Mapping[tuple[str, str], Meaning] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()

    def meaning(self, status: str, detail: str = "") -> Meaning | None:
        """What the pair means; None for what the tables do not know."""
        known = self.pairs.get((status, detail))
        if known is not None:
            return known
        if status not in self.statuses:
            return None
        return self.statuses[status] if not detail or detail in self.silent else self.details.get(detail)

    def read(self, status: str, detail: str = "") -> tuple[Kind, Cause | None, str]:
        """Kind, cause, and the code as it came; `UNKNOWN` for what the tables do not know."""
        kind, cause = self.meaning(status, detail) or (Kind.UNKNOWN, None)
        return kind, cause, "/".join(part for part in (status, detail) if part) or "–"


def going_back(
    status: str, details: Mapping[str, Meaning], *, arrived: Iterable[str] = ()
) -> dict[tuple[str, str], Meaning]:
    """The pairs of a status that says that the parcel returns: what moves it moves it back, and what `arrived` is returned."""
    moving = {
        (status, detail): (Kind.RETURNED if kind in DELIVERIES else Kind.RETURNING, None)
        for detail, (kind, _) in details.items()
        if kind in ON_THE_WAY or kind in DELIVERIES
    }
    return {**moving, **{(status, detail): (Kind.RETURNED, None) for detail in arrived}}


def turned_back(kind: Kind) -> Kind:
    """What a kind means of a parcel that is known to be on its way back."""
    if kind in DELIVERIES:
        return Kind.RETURNED
    return Kind.RETURNING if kind in ON_THE_WAY else kind
