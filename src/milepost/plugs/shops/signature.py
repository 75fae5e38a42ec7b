"""Signatures as shops make them: HMAC-SHA-256 over the body's exact bytes, keyed with the secret, in Base64."""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence

from milepost.kernel.refusals import Refusal

NO_SECRET = Refusal(
    code="no_secret", says="No secret for the webhooks of {shop} is set, so none can be trusted.",
    do="Set {setting} to the secret that the webhook was made with.", status=503,
)  # fmt: skip
UNSIGNED = Refusal(
    code="unsigned", says="The delivery bears no signature.", do="Set a secret for the webhook at {shop}.", status=401
)
FORGED = Refusal(
    code="bad_signature", says="The signature does not fit the body.",
    do="Check that both sides have the same secret, and that nothing on the way changes the body.", status=401,
)  # fmt: skip


def header(headers: Mapping[str, str], name: str) -> str:
    """The value of a header, whatever its case; nothing where it is missing."""
    return next((str(value).strip() for given, value in headers.items() if given.lower() == name), "")


def signature(body: bytes, secret: str) -> str:
    """The header's value for a body."""
    return base64.b64encode(hmac.new(secret.encode("utf-8"), body, hashlib.sha256).digest()).decode("ascii")


def check(given: str, body: bytes, secrets: Sequence[str], *, shop: str, setting: str) -> Refusal | None:
    """Why this does not bear a signature by one of the secrets, or None. Without a secret nothing does.

    Two secrets are known while one takes the place of the other.
    """
    known = [secret for secret in secrets if secret]
    values = {"shop": shop, "setting": setting}
    if not known:
        return Refusal(code=NO_SECRET.code, says=NO_SECRET.says, do=NO_SECRET.do, status=503, values=values)
    if not given:
        return Refusal(code=UNSIGNED.code, says=UNSIGNED.says, do=UNSIGNED.do, status=401, values=values)
    said = given.encode("utf-8", "replace")
    fits = [hmac.compare_digest(said, signature(body, secret).encode("ascii")) for secret in known]
    return None if any(fits) else FORGED
