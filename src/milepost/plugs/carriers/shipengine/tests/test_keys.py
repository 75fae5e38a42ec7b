"""ShipEngine's published keys: fetched once, kept, asked for again when they age or one is missing, never trusted when away."""

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import sleep
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from milepost.plugs.carriers.shipengine import ShipEngine
from milepost.plugs.carriers.shipengine.keys import KeysAway
from milepost.plugs.carriers.shipengine.published import GivenKeys, HttpKeys, keys_of

PRIVATE = rsa.generate_private_key(public_exponent=65537, key_size=2048)
START = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
BODY = b'{"resource_type":"API_TRACK"}'


def spelt(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8, "big")).decode().rstrip("=")


def jwk(kid: str = "one", **changes: Any) -> dict[str, Any]:
    numbers = PRIVATE.public_key().public_numbers()
    return {
        "kty": "RSA",
        "use": "sig",
        "alg": "RS256",
        "kid": kid,
        "n": spelt(numbers.n),
        "e": spelt(numbers.e),
        **changes,
    }


@dataclass
class World:
    """A clock and a server of keys."""

    now: datetime = START
    keys: list[dict[str, Any]] = field(default_factory=lambda: [jwk()])
    away: bool = False
    asked: int = 0

    def clock(self) -> datetime:
        return self.now

    def fetch(self, address: str) -> Any:
        self.asked += 1
        if self.away:
            raise httpx.ConnectError("away")
        return {"keys": self.keys}

    def published(self) -> HttpKeys:
        return HttpKeys(clock=self.clock, address="https://keys.example/jwks", fetch=self.fetch)


def test_keys_are_fetched_once_for_many_deliveries() -> None:
    world = World()
    keys = world.published()
    assert all(keys.find("one") for _ in range(100))
    assert world.asked == 1


def test_a_missing_key_is_asked_for_at_most_once_a_minute() -> None:
    world = World()
    keys = world.published()
    assert [keys.find(f"forged-{n}") for n in range(100)] == [None] * 100
    assert world.asked == 1
    world.keys.append(jwk("two"))
    world.now += timedelta(seconds=61)
    assert keys.find("two") is not None
    assert world.asked == 2


def test_aged_keys_serve_while_new_ones_are_fetched_beside_the_request() -> None:
    world = World()
    keys = world.published()
    assert keys.find("one") is not None
    world.now += timedelta(hours=2)
    world.keys = [jwk("two")]
    assert keys.find("one") is not None
    for _ in range(100):
        if world.asked == 2 and keys.find("one") is None:
            break
        sleep(0.01)
    assert keys.find("two") is not None


def test_keys_that_cannot_be_had_are_away_and_not_missing() -> None:
    world = World(away=True)
    keys = world.published()
    with pytest.raises(KeysAway):
        keys.find("one")
    refusal = ShipEngine(keys=keys, clock=world.clock).check(signed(BODY), BODY)
    assert refusal is not None
    assert (refusal.code, refusal.status) == ("keys_away", 503)


def test_a_revoked_key_is_trusted_no_more_once_the_keys_were_read_anew() -> None:
    world = World()
    keys = world.published()
    assert keys.find("one") is not None
    world.keys, world.now = [jwk("two")], START + timedelta(days=3)
    assert keys.find("one") is None


def test_keys_kept_for_days_without_being_read_again_are_trusted_no_more() -> None:
    world = World()
    keys = world.published()
    assert keys.find("one") is not None
    world.away, world.now = True, START + timedelta(days=3)
    with pytest.raises(KeysAway):
        keys.find("one")


@pytest.mark.parametrize(
    "document",
    [
        None, [], {}, {"keys": 5}, {"keys": [5, None]}, {"keys": [{"kty": "EC", "kid": "one"}]}, {"keys": [jwk(n="!")]},
        {"keys": [jwk(n="AQAB")]}, {"keys": [jwk(use="enc")]}, {"keys": [jwk(alg="RS1")]}, {"keys": [jwk(kid="")]},
    ],
)  # fmt: skip
def test_documents_that_make_no_sense_hold_no_keys(document: Any) -> None:
    assert keys_of(document) == {}


def signed(body: bytes, at: datetime = START, kid: str = "one") -> dict[str, str]:
    spoken = at.isoformat().replace("+00:00", "Z")
    signature = PRIVATE.sign(f"{spoken}.".encode() + body, padding.PKCS1v15(), hashes.SHA256())
    return {
        "X-ShipEngine-RSA-SHA256-Key-Id": kid, "X-ShipEngine-Timestamp": spoken,
        "X-ShipEngine-RSA-SHA256-Signature": base64.b64encode(signature).decode(),
    }  # fmt: skip


def test_a_delivery_signed_with_a_published_key_is_trusted_and_nothing_else() -> None:
    plug = ShipEngine(keys=GivenKeys({"keys": [jwk()]}), clock=lambda: START)
    assert plug.check(signed(BODY), BODY) is None
    cases = {
        "bad_signature": plug.check(signed(BODY), BODY + b" "),
        "unknown_key": plug.check(signed(BODY, kid="two"), BODY),
        "stale": plug.check(signed(BODY, at=START - timedelta(minutes=6)), BODY),
        "unsigned": plug.check({}, BODY),
    }
    assert {code: refusal.code if refusal else None for code, refusal in cases.items()} == {
        code: code for code in cases
    }
    nonsense = {**signed(BODY), "X-ShipEngine-RSA-SHA256-Signature": "no base64 é"}
    assert plug.check(nonsense, BODY) is not None
