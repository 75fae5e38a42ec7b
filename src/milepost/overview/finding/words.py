"""What is looked for, and what was found."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple


class Show(StrEnum):
    """Which orders a list shows."""

    OPEN = "open"
    HELD = "held"
    DELAYED = "delayed"
    LATE = "late"
    ALL = "all"


class Place(NamedTuple):
    """Where a row stands in its list: the instant by which the list is ordered, and the row's number."""

    at: datetime
    id: Any


class Found(NamedTuple):
    """Some rows in their order, and the place after which the next page begins; None where nothing is left."""

    ids: list[Any]
    next: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a list of orders is narrowed by. The same text finds by number, name, address, phone and item."""

    text: str = ""
    show: Show = Show.ALL
    state: str = ""
    customer_id: int | None = None

    @property
    def narrowed(self) -> bool:
        """Whether anything but a text was chosen."""
        return self.show is not Show.ALL or bool(self.state) or self.customer_id is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """What a text means: orders by their numbers, customers and items by their words.

    `customers_at_large`: so many customers have these words that they are not named here; each is asked for them.
    """

    order_ids: tuple[int, ...] = ()
    customer_ids: tuple[int, ...] = ()
    item_ids: tuple[int, ...] = ()
    customers_at_large: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether the text means nothing that is here."""
        return not (self.order_ids or self.customer_ids or self.item_ids or self.customers_at_large)
