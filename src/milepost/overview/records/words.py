"""The words of the records office."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A rule of the house that does not hold in one place; `says` is the sentence for people, `about` what a repair needs."""

    rule: str
    says: str
    order_id: int | None = None
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One rule as one statement that finds its breaches, set-wise, and the sentence of a breach.

    The statement gives columns whose names stand in `says`; a column `order_id` also names the order. It may use the
    parameter `now`. No rows means that the rule holds.
    """

    rule: str
    finds: str
    says: str
