"""What is said of tracking links."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class LinkState(StrEnum):
    """Whether people can be sent there. UNCHECKED: nobody has looked yet."""

    UNCHECKED = "unchecked"
    ALIVE = "alive"
    BROKEN = "broken"


class Look(StrEnum):
    """What one look at a page found. UNSURE: nobody answered, or asked us to come later; the next look decides."""

    ALIVE = "alive"
    GONE = "gone"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAt:
    """A page as one look found it; `detail` in few words, without personal data."""

    look: Look
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLink:
    """A link that is to be looked at now."""

    parcel_id: int
    order_id: int
    carrier: str
    url: str
    state: LinkState
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCard:
    """A link as pages and letters need it. `checked_at` is None while nobody has looked."""

    parcel_id: int
    order_id: int
    carrier: str
    url: str
    state: LinkState
    checked_at: datetime | None
    detail: str

    @property
    def can_be_shown(self) -> bool:
        """Whether a customer may be sent there."""
        return self.state is LinkState.ALIVE
