"""The signature of Vonage's webhooks: a JWT (RFC 7519, HS256) in the Authorization header, with the SHA-256 of the body in it."""

import binascii
import hashlib
import hmac
import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from milepost.ground.notices.words import Delivery
from milepost.kernel.refusals import Refusal

HEADER, BEARER = "authorization", "bearer "
OLDEST, AHEAD = timedelta(hours=24), timedelta(minutes=5)
"""Vonage repeats an unanswered delivery for a day; a token is good for one delivery (`jti`), however often it comes."""

NO_SECRET = Refusal(
    code="no_secret", says="No signature secret for Vonage's webhooks is set, so none can be trusted.",
    do="Set MILEPOST_VONAGE_SIGNATURE_SECRET to the account's signature secret.", status=503,
)  # fmt: skip
UNSIGNED = Refusal(code="unsigned", says="The delivery bears no token.", do="Switch signed webhooks on.", status=401)
FORGED = Refusal(
    code="bad_signature", says="The token was not made with our secret, or not for this body.",
    do="Check that both sides have the same signature secret.", status=401,
)  # fmt: skip
STALE = Refusal(
    code="stale", says="The token was made too long ago, or in the future.", do="Check the clocks.", status=401
)


def check(delivery: Delivery, secret: str) -> Refusal | None:
    """Why this is not from Vonage, or None."""
    if not secret:
        return NO_SECRET
    token = _token(delivery)
    if not token:
        return UNSIGNED
    claims = _claims(token, secret)
    if claims is None or not _of_this_body(claims, delivery.body):
        return FORGED
    made = claims.get("iat")
    if not isinstance(made, int | float) or isinstance(made, bool):
        return FORGED
    age = delivery.received_at.timestamp() - made
    return None if -AHEAD.total_seconds() <= age <= OLDEST.total_seconds() else STALE


def token_id(delivery: Delivery) -> str:
    """The token's own id, by which a repeated delivery is known; only of one that was checked."""
    try:
        return str(_part(_token(delivery).split(".")[1]).get("jti") or "")
    except (IndexError, ValueError, binascii.Error):
        return ""


def _token(delivery: Delivery) -> str:
    given = next((str(value) for name, value in delivery.headers.items() if name.lower() == HEADER), "")
    return given[len(BEARER) :].strip() if given[: len(BEARER)].lower() == BEARER else ""


def _claims(token: str, secret: str) -> Mapping[str, Any] | None:
    """What the token says, where it is signed with our secret; no other algorithm than HS256 is one."""
    try:
        head, body, signature = token.split(".")
        if _part(head).get("alg") != "HS256":
            return None
        right = hmac.new(secret.encode(), f"{head}.{body}".encode(), hashlib.sha256).digest()
        return _part(body) if hmac.compare_digest(_bytes(signature), right) else None
    except (ValueError, binascii.Error):
        return None


def _of_this_body(claims: Mapping[str, Any], body: bytes) -> bool:
    said = claims.get("payload_hash")
    return isinstance(said, str) and hmac.compare_digest(
        said.lower().encode(), hashlib.sha256(body).hexdigest().encode()
    )


def _part(part: str) -> Mapping[str, Any]:
    read = json.loads(_bytes(part))
    if not isinstance(read, dict):
        raise ValueError("no object")  # noqa: TRY004 # as for any other nonsense
    return read


def _bytes(part: str) -> bytes:
    return urlsafe_b64decode(part.encode("ascii") + b"=" * (-len(part) % 4))
