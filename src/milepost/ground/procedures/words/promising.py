"""What promises are reckoned from, and what is offered when a line is short."""

from dataclasses import dataclass, field
from datetime import time
from decimal import Decimal
from typing import Literal

from milepost.ground.procedures.words.clocks import zone_named
from milepost.ground.procedures.words.terms import Strict

Days = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierService(Strict):
    """How many working days a service takes, from and to; other figures for some countries (ISO 3166-1 alpha-2)."""

    days: Days
    countries: dict[str, Days] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if any(not 0 <= least <= most for least, most in (self.days, *self.countries.values())):
            raise ValueError("days are [least, most], both 0 or more")


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisingRules(Strict):
    """What a first promise is reckoned from (DEL-2)."""

    cut_off: time
    handling_days: int
    backorder_days: int
    default_service: str
    services: dict[str, CarrierService]
    zone: str

    def __post_init__(self) -> None:
        if self.default_service not in self.services:
            raise ValueError(f"the default service {self.default_service} is not among the services")
        if self.handling_days < 0 or self.backorder_days < 0:
            raise ValueError("days must not be negative")
        zone_named(self.zone)

    def transit_days(self, service: str, country: str) -> Days:
        """Working days from hand-over to arrival, least and most; an unknown service counts as the default one."""
        found = self.services.get(service) or self.services[self.default_service]
        return found.countries.get(country, found.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class OffersPolicy(Strict):
    """What a customer is offered when a line is short, and what is done when no answer comes (STK-2, EXC-5).

    `deadline_days` are working days; the answer may come until the end of the last of them at the recipient's place. A stand-in
    may cost `max_price_difference` percent more than what was ordered; a cheaper one is always offered.
    """

    deadline_days: int
    default: Literal["wait", "ship_rest", "cancel"]
    substitutes: bool
    most_substitutes: int
    max_price_difference: Decimal

    def __post_init__(self) -> None:
        if not 1 <= self.deadline_days <= 90:
            raise ValueError("deadline_days are 1 to 90")
        if not 0 <= self.most_substitutes <= 9:
            raise ValueError("most_substitutes are 0 to 9")
        if self.max_price_difference < 0:
            raise ValueError("max_price_difference must not be negative")
