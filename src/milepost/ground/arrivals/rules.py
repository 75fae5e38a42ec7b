"""What is kept of an arrival: pure."""

from collections.abc import Mapping
from hashlib import sha256

from milepost.ground.arrivals.words import Outcome, State
from milepost.kernel.refusals import Refusal
from milepost.kernel.texts import printable

SECRET = ("authorization", "cookie", "credential", "proxy-authorization", "x-api-key")
HEADERS_KEPT, HEADER_LENGTH = 60, 1000
FORGED_KEPT = 64 * 1024
LONGEST_ID = 200


def safe_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers, without secrets."""
    fine = [(name, value) for name, value in headers.items() if name.lower() not in SECRET]
    return {printable(name, 100): printable(str(value), HEADER_LENGTH) for name, value in fine[:HEADERS_KEPT]}


def delivery_key(delivery_id: str) -> str:
    """A delivery's id as it is kept: one that is too long, or cannot be kept, by its digest."""
    if len(delivery_id) <= LONGEST_ID and delivery_id.isascii() and delivery_id.isprintable():
        return delivery_id
    return f"sha256:{sha256(delivery_id.encode('utf-8', 'surrogatepass')).hexdigest()}"


def kept_of(body: bytes, state: State) -> bytes:
    """All of it; of a forgery no more than serves as evidence, so that nobody can fill the disk with them."""
    return body[:FORGED_KEPT] if state == State.FORGED else body


def outcome_of(refusal: Refusal) -> Outcome:
    """The outcome of what was refused."""
    return Outcome(
        state=State.REFUSED, code=refusal.code, sentence=" ".join(filter(None, (refusal.sentence, refusal.next_step)))
    )
