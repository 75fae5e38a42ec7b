"""Row ids made without asking the database: UUID version 7 (RFC 9562), so rows of one moment lie together."""

import os
import time
from uuid import UUID


def new_id() -> UUID:
    """A fresh, time-ordered id. The clock only orders rows on disk; nothing is decided by it."""
    stamp = time.time_ns() // 1_000_000
    noise = int.from_bytes(os.urandom(10), "big")
    high = noise >> 68 & 0xFFF
    low = noise & 0x3FFFFFFFFFFFFFFF
    return UUID(int=(stamp << 80) | (0x7 << 76) | (high << 64) | (0b10 << 62) | low)
