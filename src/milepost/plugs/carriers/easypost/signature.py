"""The signature of EasyPost's webhooks: HMAC-SHA-256 over the body's exact bytes, keyed with the secret in NFKD, in hex."""

import hashlib
import hmac
import unicodedata
from collections.abc import Mapping

from milepost.kernel.refusals import Refusal

HEADER = "x-hmac-signature"
PREFIX = "hmac-sha256-hex="

NO_SECRET = Refusal(
    code="no_secret",
    says="No secret for EasyPost's webhooks is set, so none can be trusted.",
    do="Set MILEPOST_EASYPOST_WEBHOOK_SECRET to the secret that the webhook was made with.",
    status=503,
)
UNSIGNED = Refusal(
    code="unsigned", says="The delivery bears no signature.", do="Set a webhook secret at EasyPost.", status=401
)
FORGED = Refusal(
    code="bad_signature",
    says="The signature does not fit the body.",
    do="Check that both sides have the same secret, and that nothing on the way changes the body.",
    status=401,
)


def signature(body: bytes, secret: str) -> str:
    """The header's value for a body."""
    key = unicodedata.normalize("NFKD", secret).encode("utf-8")
    return PREFIX + hmac.new(key, body, hashlib.sha256).hexdigest()


def check(headers: Mapping[str, str], body: bytes, secret: str) -> Refusal | None:
    """Why this is not from EasyPost, or None. Without a secret nothing is; names of headers know no case."""
    if not secret:
        return NO_SECRET
    given = next((value for name, value in headers.items() if name.lower().replace("_", "-") == HEADER), None)
    if given is None:
        return UNSIGNED
    right = hmac.compare_digest(given.strip().encode("utf-8", "replace"), signature(body, secret).encode("ascii"))
    return None if right else FORGED
