"""The signature of USPS's notifications: HMAC-SHA-256 over the envelope's time and payload as they are spelt, in base64.

The header is X-HMAC (formerly `hmac-header`). What is signed stands inside the body, so the envelope is read before it is believed.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

from milepost.kernel.refusals import Refusal, Refused
from milepost.plugs.carriers.values import epoch, header, instant, loaded, text

TOLERANCE = timedelta(hours=1)

NO_SECRET = Refusal(
    code="no_secret",
    says="No secret for USPS's notifications is set, so none can be trusted.",
    do="Set MILEPOST_USPS_WEBHOOK_SECRET to the secret of the subscription (32 characters).",
    status=503,
)
UNSIGNED = Refusal(
    code="unsigned", says="The delivery bears no signature.", do="Give a secret when you subscribe at USPS.", status=401
)
FORGED = Refusal(
    code="bad_signature",
    says="The signature does not fit the body.",
    do="Check that the subscription and this installation have the same secret.",
    status=401,
)
STALE = Refusal(
    code="stale",
    says="The notification was signed too long ago, or for a time to come: it may be played back.",
    do="Check the clock of this machine. What was missed is asked for when carriers are polled.",
    status=401,
)


def signature(timestamp: str, payload: str, secret: str) -> str:
    """The header's value for an envelope."""
    signed = (timestamp + payload).encode("utf-8", "surrogatepass")
    return base64.b64encode(hmac.new(secret.encode("utf-8"), signed, hashlib.sha256).digest()).decode("ascii")


def check(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> Refusal | None:
    """Why this is not from USPS, or None."""
    given = header(headers, "x-hmac") or header(headers, "hmac-header")
    if not secret:
        return NO_SECRET
    if not given:
        return UNSIGNED
    try:
        envelope = loaded(body)
    except Refused:
        return FORGED
    timestamp, payload = _spelt(envelope.get("timestamp")), envelope.get("payload")
    if not isinstance(payload, str) or not hmac.compare_digest(
        given.encode("utf-8", "replace"), signature(timestamp, payload, secret).encode("ascii")
    ):
        return FORGED
    said_at = instant(timestamp) or epoch(timestamp)
    return STALE if said_at is None or abs(now - said_at) > TOLERANCE else None


def _spelt(timestamp: object) -> str:
    return timestamp if isinstance(timestamp, str) else text(timestamp)
