"""The signature of Twilio's webhooks: HMAC-SHA-1 over the address and the sorted fields of the form, in base64.

The address is the one that Twilio was given, with its query. Of a body that is no form, its SHA-256 stands in the query.
"""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Iterable
from urllib.parse import parse_qs, parse_qsl, urlsplit, urlunsplit

from milepost.ground.notices.words import Delivery
from milepost.kernel.refusals import Refusal

HEADER, BODY_HASH = "x-twilio-signature", "bodySHA256"
FORM = "application/x-www-form-urlencoded"
PORTS = {"https": 443, "http": 80}

NO_SECRET = Refusal(
    code="no_secret", says="No token for Twilio's webhooks is set, so none can be trusted.",
    do="Set MILEPOST_TWILIO_TOKEN to the account's auth token.", status=503,
)  # fmt: skip
UNSIGNED = Refusal(code="unsigned", says="The delivery bears no signature.", do="Look at who sends it.", status=401)
FORGED = Refusal(
    code="bad_signature", says="The signature fits neither the address nor the fields.",
    do="Check the auth token, and that MILEPOST_URL is the address that Twilio was given.", status=401,
)  # fmt: skip


def signature(url: str, fields: Iterable[tuple[str, str]], token: str) -> str:
    """The header's value for a form that was posted to an address. Of a field with several values each counts once."""
    signed = url + "".join(name + value for name, value in sorted(set(fields)))
    return b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def check(delivery: Delivery, token: str) -> Refusal | None:
    """Why this is not from Twilio, or None."""
    if not token:
        return NO_SECRET
    given = header(delivery, HEADER)
    if not given:
        return UNSIGNED
    fields = form(delivery)
    body_hash = parse_qs(urlsplit(delivery.url).query).get(BODY_HASH, [""])[0]
    if body_hash:
        if not hmac.compare_digest(body_hash, hashlib.sha256(delivery.body).hexdigest()):
            return FORGED
        fields = []
    right = any(_same(given, signature(url, fields, token)) for url in _spellings(delivery.url))
    return None if right else FORGED


def form(delivery: Delivery) -> list[tuple[str, str]]:
    """The fields of the form; none where the body is none."""
    if FORM not in header(delivery, "content-type"):
        return []
    try:
        return parse_qsl(delivery.body.decode("utf-8"), keep_blank_values=True, max_num_fields=500)
    except (UnicodeDecodeError, ValueError):
        return []


def header(delivery: Delivery, name: str) -> str:
    """A header's value, whatever the case of its name."""
    return next((str(value) for one, value in delivery.headers.items() if one.lower() == name), "")


def _spellings(url: str) -> Iterable[str]:
    """Twilio signs some addresses with their usual port, some without."""
    parts = urlsplit(url)
    host, usual = parts.hostname or "", PORTS.get(parts.scheme)
    yield url
    if parts.port is None:
        yield urlunsplit(parts._replace(netloc=f"{host}:{usual}"))
    elif parts.port == usual:
        yield urlunsplit(parts._replace(netloc=host))


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), right.encode())
