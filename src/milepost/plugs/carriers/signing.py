"""Signatures as tracking vendors make them; each plug says which header, which bytes and which encoding. All fail closed."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from milepost.kernel.refusals import Refusal

Clock = Callable[[], datetime]
TOLERANCE = timedelta(minutes=5)
"""How far a signed time may lie from our clock, either way; what is older is a replay."""


def no_secret(vendor: str, setting: str) -> Refusal:
    """Nothing can be trusted without a secret."""
    return Refusal(
        code="no_secret", says="No secret for the webhooks of {vendor} is set, so none can be trusted.",
        do="Set {setting} to the secret that the webhook was made with.", status=503,
        values={"vendor": vendor, "setting": setting},
    )  # fmt: skip


UNSIGNED = Refusal(
    code="unsigned", says="The delivery bears no signature.", do="Set a secret for the webhook at the vendor.", status=401
)  # fmt: skip
FORGED = Refusal(
    code="bad_signature", says="The signature does not fit the body.",
    do="Check that both sides have the same secret, and that nothing on the way changes the body.", status=401,
)  # fmt: skip
STALE = Refusal(
    code="stale", says="The signed time is too far from now, so this may be a replay.",
    do="Have the vendor send it anew; check the clock of this machine.", status=401,
)  # fmt: skip


def hmac_hex(secret: str, *parts: bytes) -> str:
    """HMAC-SHA-256 over the parts, in hex."""
    return hmac.new(secret.encode("utf-8"), b"".join(parts), hashlib.sha256).hexdigest()


def hmac_base64(secret: str, *parts: bytes) -> str:
    """HMAC-SHA-256 over the parts, in Base64."""
    return base64.b64encode(hmac.new(secret.encode("utf-8"), b"".join(parts), hashlib.sha256).digest()).decode("ascii")


def is_any(given: str, right: Iterable[str]) -> bool:
    """Whether it is one of these, compared without telling by time how much of it fits."""
    said = given.encode("utf-8", "replace")
    fits = [hmac.compare_digest(said, one.encode("utf-8")) for one in right]
    return any(fits)


def is_fresh(signed_at: datetime | None, now: datetime) -> bool:
    """Whether a signed time is near enough to now."""
    return signed_at is not None and abs(now - signed_at) <= TOLERANCE


def from_base64(text: str) -> bytes | None:
    """The bytes that Base64 spells, or None."""
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, binascii.Error):
        return None
