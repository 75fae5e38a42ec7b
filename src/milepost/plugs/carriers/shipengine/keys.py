"""Whose keys sign ShipEngine's deliveries. What fetches and reads them is loaded when the first delivery comes."""

from dataclasses import dataclass, field
from typing import Protocol

from milepost.plugs.carriers.signing import Clock

ADDRESS = "https://api.shipengine.com/jwks"


class KeysAway(Exception):
    """The keys cannot be had at the moment."""


class Key(Protocol):
    """One public key."""

    def fits(self, signature: bytes, signed: bytes) -> bool:
        """Whether the signature of these bytes was made with its private part."""


class Keys(Protocol):
    """Who knows the vendor's public keys."""

    def find(self, kid: str) -> Key | None:
        """The key of that id, or None where there is none. Raises KeysAway where that cannot be known now."""


@dataclass(slots=True)
class PublishedKeys:
    """The keys at the address where ShipEngine publishes them."""

    clock: Clock
    address: str = ADDRESS
    _keys: Keys | None = field(default=None, init=False)

    def find(self, kid: str) -> Key | None:
        """The key of that id."""
        if self._keys is None:
            from milepost.plugs.carriers.shipengine.published import HttpKeys

            self._keys = HttpKeys(clock=self.clock, address=self.address)
        return self._keys.find(kid)
