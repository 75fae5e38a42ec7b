"""What shops need from outside: somebody who can check and read what a shop's system sends."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from milepost.kernel.refusals import Refusal, Refused
from milepost.way.shops.words import Label, Reading


class Shop(Protocol):
    """One shop system's webhooks. Pure: no database, no network, no clock. Never raises for what it was sent."""

    @property
    def name(self) -> str:
        """Under which its deliveries are kept."""

    def label(self, headers: Mapping[str, str], body: bytes) -> Label:
        """What is written on the delivery."""

    def check(self, headers: Mapping[str, str], body: bytes) -> Refusal | None:
        """Why this is not from the shop, or None. Fails closed where no secret is set."""

    def read(self, topic: str, headers: Mapping[str, str], body: bytes, received_at: datetime) -> Reading:
        """What the shop says, in our words; a refusal where the body makes no sense."""


_shops: dict[str, Shop] = {}


def use(shop: Shop) -> None:
    """Have `shop` read what is sent under its name; `config/wiring` calls this at start."""
    _shops[shop.name] = shop


def shop(name: str) -> Shop:
    """The shop system of that name. Refuses `unknown_source` (404)."""
    try:
        return _shops[name]
    except KeyError:
        raise Refused(
            Refusal(
                code="unknown_source",
                says="No shop system named {name} sends orders here.",
                do="Check the address that the shop was given.",
                status=404,
                values={"name": name},
            )
        ) from None
