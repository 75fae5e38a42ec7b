"""The signature of EasyPost's webhooks: HMAC-SHA-256 over the body's exact bytes, keyed with the secret in NFKD, in hex."""

import unicodedata
from collections.abc import Mapping

from milepost.kernel.refusals import Refusal
from milepost.plugs.carriers.signing import FORGED, UNSIGNED, hmac_hex, is_any, no_secret
from milepost.plugs.carriers.values import header

HEADER = "x-hmac-signature"
PREFIX = "hmac-sha256-hex="
SETTING = "MILEPOST_EASYPOST_WEBHOOK_SECRET"


def signature(body: bytes, secret: str) -> str:
    """The header's value for a body."""
    return PREFIX + hmac_hex(unicodedata.normalize("NFKD", secret), body)


def check(headers: Mapping[str, str], body: bytes, secret: str) -> Refusal | None:
    """Why this is not from EasyPost, or None. Without a secret nothing is; names of headers know no case."""
    if not secret:
        return no_secret("EasyPost", SETTING)
    if not any(name.lower().replace("_", "-") == HEADER for name in headers):
        return UNSIGNED
    return None if is_any(header(headers, HEADER), [signature(body, secret)]) else FORGED
