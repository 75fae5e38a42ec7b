"""How a fact is sealed: its digest covers all it says and the digest before it (RECD-2)."""

from datetime import UTC, datetime
from hashlib import sha256

from milepost.kernel.facts import canonical

GENESIS = bytes(32)


def seal(
    before: bytes, *, stream: str, stream_id: int, sequence: int, kind: str, data: bytes, actor: str, channel: str,
    reason: str, history: bool, occurred_at: datetime, recorded_at: datetime,
) -> bytes:  # fmt: skip
    """The digest of one entry: SHA-256 over the digest before it and everything the entry says."""
    head = canonical([
        stream, stream_id, sequence, kind, actor, channel, reason, history, _spell(occurred_at), _spell(recorded_at),
    ])  # fmt: skip
    return sha256(before + head + data).digest()


def _spell(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="microseconds")
