"""How keys and link tokens are made and read: pure, with the secret passed in."""

import base64
import binascii
import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

KEY_MARK = "mp"
_EPOCH = date(2020, 1, 1)
_PAYLOAD = struct.Struct(">BQHH")
_SEAL = 16
_NOTICE = b"n"


@dataclass(frozen=True, slots=True)
class LinkClaim:
    """What a link says about itself."""

    purpose: int
    order_id: int
    generation: int
    expires_on: date


def spell_key(prefix: str, secret: str) -> str:
    """The plain text of an API key."""
    return f"{KEY_MARK}_{prefix}_{secret}"


def key_prefix(plain: str) -> str:
    """The part of an API key by which its row is found; empty for what is no key."""
    mark, _, rest = plain.partition("_")
    prefix, _, secret = rest.partition("_")
    return prefix if mark == KEY_MARK and secret else ""


def digest(plain: str) -> bytes:
    """What is kept of a key. It has 256 random bits, so a plain hash is as good as a slow one."""
    return hashlib.sha256(plain.encode()).digest()


def seal_link(claim: LinkClaim, secret: bytes) -> str:
    """A token of 39 characters that only we can make and that shows nothing: sealed by HMAC, its content masked by the seal.

    The construction is that of SIV (RFC 5297): the seal is a keyed hash of the content and seeds the mask over it.
    """
    return _sealed(
        _PAYLOAD.pack(claim.purpose, claim.order_id, claim.generation, (claim.expires_on - _EPOCH).days), secret
    )


def open_link(token: str, secret: bytes) -> LinkClaim | None:
    """What a token says, or None when it is not ours. Takes the same time for all tokens of the right length."""
    content = _opened(token, _PAYLOAD.size, secret)
    if content is None:
        return None
    purpose, order_id, generation, day = _PAYLOAD.unpack(content)
    return LinkClaim(purpose, order_id, generation, _EPOCH + timedelta(days=day))


def seal_notice(notice_id: UUID, secret: bytes) -> str:
    """A token of 44 characters for one message, made in the same way; it does not expire, for whoever has had enough has."""
    return _sealed(_NOTICE + notice_id.bytes, secret)


def open_notice(token: str, secret: bytes) -> UUID | None:
    """The message of a token, or None when it is not ours."""
    content = _opened(token, len(_NOTICE) + 16, secret)
    return UUID(bytes=content[len(_NOTICE) :]) if content and content.startswith(_NOTICE) else None


def _sealed(content: bytes, secret: bytes) -> str:
    seal = _seal(content, secret)
    return _spell(seal + _mask(content, seal, secret))


def _opened(token: str, size: int, secret: bytes) -> bytes | None:
    """What is sealed in a token of so many bytes; None for what we have not sealed."""
    try:
        sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(sealed) != _SEAL + size:
        return None
    seal, content = sealed[:_SEAL], _mask(sealed[_SEAL:], sealed[:_SEAL], secret)
    if not hmac.compare_digest(seal, _seal(content, secret)) or token != _spell(sealed):
        return None
    return content


def is_over(claim: LinkClaim, now: datetime) -> bool:
    """Whether the link's last day (UTC) is over."""
    return now.astimezone(UTC).date() > claim.expires_on


def _spell(sealed: bytes) -> str:
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def _seal(content: bytes, secret: bytes) -> bytes:
    return hmac.digest(secret, b"seal" + content, hashlib.sha256)[:_SEAL]


def _mask(content: bytes, seal: bytes, secret: bytes) -> bytes:
    stream = hmac.digest(secret, b"mask" + seal, hashlib.sha256)
    return bytes(one ^ other for one, other in zip(content, stream, strict=False))


def code_of(sign_in_id: int, secret: bytes) -> str:
    """The six digits that belong to a sign-in: they follow from its number and our secret, so they need not be kept."""
    number = int.from_bytes(hmac.digest(secret, b"code" + struct.pack(">Q", sign_in_id), hashlib.sha256)[:8])
    return f"{number % 1_000_000:06}"


def spelt_code(typed: str) -> str:
    """A code as it was typed, without the blanks and dashes that people put between."""
    return "".join(character for character in typed if character not in " -\u00a0\t")
