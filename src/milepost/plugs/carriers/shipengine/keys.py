"""Whose keys sign ShipEngine's deliveries."""

from typing import Protocol


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
