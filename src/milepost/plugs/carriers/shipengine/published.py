"""The keys that ShipEngine publishes (RFC 7517): read over HTTPS, kept, asked for again when they age or one is missing."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock, Thread
from typing import Any

import httpx
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers

from milepost.plugs.carriers.shipengine.keys import KeysAway
from milepost.plugs.carriers.signing import Clock
from milepost.plugs.carriers.values import part, parts, text

MAY_AGE, MAY_STAND, REST = timedelta(hours=1), timedelta(days=2), timedelta(minutes=1)
PATIENCE = 2.0
SMALLEST_KEY, LARGEST_KEY = 2048, 8192


@dataclass(frozen=True, slots=True)
class RsaKey:
    """An RSA key that checks signatures of SHA-256 (PKCS #1 v1.5)."""

    key: RSAPublicKey

    def fits(self, signature: bytes, signed: bytes) -> bool:
        """Whether the signature of these bytes was made with its private part."""
        try:
            self.key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class GivenKeys:
    """Keys of a document that is at hand."""

    document: Mapping[str, Any]

    def find(self, kid: str) -> RsaKey | None:
        """The key of that id."""
        return keys_of(self.document).get(kid)


@dataclass(slots=True)
class HttpKeys:
    """Keys that are fetched and kept. Aged ones serve on while new ones are fetched beside the request.

    A key that is missing is asked for at most once a minute, so that forgeries cost no more than that.
    """

    clock: Clock
    address: str
    fetch: Callable[[str], Any] | None = None
    _keys: Mapping[str, RsaKey] = field(default_factory=dict)
    _fetched_at: datetime | None = None
    _asked_at: datetime | None = None
    _turn: Lock = field(default_factory=Lock)

    def find(self, kid: str) -> RsaKey | None:
        """The key of that id; fetched first where it is not known."""
        now, known = self.clock(), self._keys.get(kid)
        if known is not None and self._stands(now):
            if self._is_older_than(MAY_AGE, now) and self._may_ask(now):
                self._asked_at = now
                Thread(target=self._refresh, args=(now,), daemon=True).start()
            return known
        with self._turn:
            if self._may_ask(now) and not (kid in self._keys and self._stands(now)):
                self._refresh(now)
        if not self._stands(now):
            raise KeysAway
        return self._keys.get(kid)

    def _stands(self, now: datetime) -> bool:
        return not self._is_older_than(MAY_STAND, now)

    def _is_older_than(self, age: timedelta, now: datetime) -> bool:
        return self._fetched_at is None or now - self._fetched_at > age

    def _may_ask(self, now: datetime) -> bool:
        return self._asked_at is None or now - self._asked_at >= REST

    def _refresh(self, now: datetime) -> None:
        self._asked_at = now
        try:
            found = keys_of((self.fetch or _get)(self.address))
        except (httpx.HTTPError, ValueError):
            return
        if found:
            self._keys, self._fetched_at = found, now


def _get(address: str) -> Any:
    answer = httpx.get(address, timeout=PATIENCE, follow_redirects=False, headers={"accept": "application/json"})
    answer.raise_for_status()
    return answer.json()


def keys_of(document: Any) -> dict[str, RsaKey]:
    """The RSA keys for signatures in a document, by id; others are left out."""
    found: dict[str, RsaKey] = {}
    for one in parts(part(document).get("keys")):
        if one.get("kty") != "RSA" or one.get("use", "sig") != "sig" or one.get("alg", "RS256") != "RS256":
            continue
        key = _key(text(one.get("n"), limit=2000), text(one.get("e"), limit=20))
        if key is not None and text(one.get("kid")):
            found[text(one.get("kid"))] = RsaKey(key)
    return found


def _key(modulus: str, exponent: str) -> RSAPublicKey | None:
    try:
        key = RSAPublicNumbers(_number(exponent), _number(modulus)).public_key()
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if SMALLEST_KEY <= key.key_size <= LARGEST_KEY else None


def _number(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")
