"""Pure decisions of webhooks out: signatures, what an answer means, which addresses may be subscribed.

Signatures: Standard Webhooks 1.0 (HMAC-SHA-256 over "id.timestamp.body", Base64, "v1,"). While a secret is being exchanged, both
the new and the former one sign, so a receiver may change whenever it likes until the former one ends.
"""

import base64
import hashlib
import hmac
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from milepost.ground.procedures.words import WebhookRules
from milepost.ground.webhooks.words import EVERYTHING, Answer, EndpointDraft, State
from milepost.kernel.refusals import Refusal

MARK = "whsec_"
GONE = 410
_LONGEST_WAIT = timedelta(hours=24)
_LONGEST_URL = 500


def secret(key: bytes, endpoint_id: UUID, generation: int) -> bytes:
    """The secret of an endpoint, derived from the installation's key, so none lies in the books."""
    return hmac.digest(key, b"webhook out:" + endpoint_id.bytes + generation.to_bytes(4, "big"), hashlib.sha256)


def spelt(secret_bytes: bytes) -> str:
    """A secret as its owner is shown it."""
    return MARK + base64.b64encode(secret_bytes).decode("ascii")


def signature(secrets: Sequence[bytes], *, event_id: str, timestamp: int, body: bytes) -> str:
    """The header's value: one signature a secret, with spaces between."""
    signed = f"{event_id}.{timestamp}.".encode() + body
    return " ".join(
        "v1," + base64.b64encode(hmac.digest(one, signed, hashlib.sha256)).decode("ascii") for one in secrets
    )


def with_previous(body: bytes, previous: int) -> bytes:
    """The event with the sequence of the one before it that went to the same endpoint about the same order; 0 for the first.

    Whoever last saw another number has missed something, and asks for it.
    """
    return body[:-1] + f',"previoussequence":"{previous}"}}'.encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What becomes of a delivery after an answer. `gone`: the endpoint wants to hear nothing any more."""

    state: State
    due_at: datetime | None = None
    failures: int = 0
    gone: bool = False


def after(answer: Answer, *, failures: int, rules: WebhookRules, now: datetime) -> Verdict:
    """What an answer means: 2xx is a receipt, 410 the end, everything else (redirects too) a failure that climbs the ladder."""
    if answer.status is not None and 200 <= answer.status < 300:
        return Verdict(state=State.DELIVERED)
    if answer.status == GONE:
        return Verdict(state=State.DROPPED, failures=failures + 1, gone=True)
    if failures >= len(rules.ladder_minutes):
        return Verdict(state=State.FAILED, failures=failures + 1)
    wait = max(
        timedelta(minutes=float(rules.ladder_minutes[failures])), min(answer.wait or timedelta(0), _LONGEST_WAIT)
    )
    return Verdict(state=State.DUE, due_at=now + wait, failures=failures + 1)


def wants(types: Collection[str], event_type: str) -> bool:
    """Whether an endpoint with these types is told of an event."""
    return EVERYTHING in types or event_type in types


def refusals(draft: EndpointDraft, *, known: Collection[str], trusted: Collection[str]) -> Iterable[Refusal]:
    """What is wrong with an endpoint: its address must be https, without a password; `trusted` hosts may be http."""
    try:
        parts = urlsplit(draft.url)
        host = f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
    except ValueError:
        yield BAD_ADDRESS
        return
    fine = parts.scheme == "https" or (parts.scheme == "http" and host in trusted)
    if not fine or not parts.hostname or parts.username or parts.password or len(draft.url) > _LONGEST_URL:
        yield BAD_ADDRESS
    if not draft.types or not set(draft.types) <= {*known, EVERYTHING}:
        yield UNKNOWN_TYPE


BAD_ADDRESS = Refusal(
    code="bad_address", says="The address cannot be called.",
    do="Give an address that begins with https://, without a user name or password in it.", field="url",
)  # fmt: skip
UNKNOWN_TYPE = Refusal(
    code="unknown_type", says="There is no event of this type.",
    do="Name types from the list in the documentation, or * for all.", field="types",
)  # fmt: skip
NO_ENDPOINT = Refusal(
    code="no_subscription", says="There is no such subscription.", do="Look at the list of subscriptions.", status=404,
    field="id",
)  # fmt: skip
