"""What is known of a message before it is kept, whichever way it came: who wrote, what about, and whether it came before."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from milepost.plugs.inboxes.mail.message import header_text, parsed


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A message as it reached us. `delivery_id` is the same whichever way the same message comes, and however often."""

    raw: bytes
    sender: str
    subject: str
    delivery_id: str
    way: str


Keep = Callable[[Envelope], None]


def envelope(raw: bytes, *, way: str) -> Envelope:
    """The envelope of a message: its Message-ID with the digest of its body, so that neither a reused id nor a copy misleads."""
    message = parsed(raw)
    head, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    digest = sha256(body.rstrip()).hexdigest()[:32]
    known = header_text(message, "Message-ID") or sha256(head).hexdigest()[:32]
    return Envelope(
        raw=raw, sender=header_text(message, "From"), subject=header_text(message, "Subject"), delivery_id=f"{known} {digest}",
        way=way,
    )  # fmt: skip
