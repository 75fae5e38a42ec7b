"""Providers that take one message a call: bounded concurrency, and the mark in our books right before each call.

A provider that stops answering is not asked to take more: what was not handed over has not left, and is tried again later or by
another.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import httpx

from milepost.ground.notices.ports import Lane, Lanes
from milepost.ground.notices.words import Message, Outcome, Result

CONNECTIONS = 8
PATIENCE = 2  # answers that never come, or doors that stay shut, in a row
TIMEOUT = 20.0
TROUBLE = frozenset({Result.UNKNOWN, Result.UNREACHABLE})

BUSY = frozenset({429, 503})
OURS = frozenset({401, 402, 403, 404, 405, 407})
"""What a provider answers when the account, the key or the address of its API is wrong: for IT to repair, no message's fault."""
UNCERTAIN = frozenset({408, 409, 425, 500, 502, 504})

Say = Callable[[Message], Outcome]
Flaw = Callable[[Message], Outcome | None]


def each(messages: Sequence[Message], lanes: Lanes, say: Say, *, flaw: Flaw, connections: int = CONNECTIONS) -> None:
    """Hand over each message by a call of its own; those of one lane in their order. What has a `flaw` is never handed over."""
    shares = [share for share in _shares(messages, connections) if share]
    if len(shares) == 1:
        _share(shares[0], lanes, say, flaw)
        return
    with ThreadPoolExecutor(max_workers=max(len(shares), 1), thread_name_prefix="calls") as pool:
        for done in [pool.submit(_share, share, lanes, say, flaw) for share in shares]:
            done.result()


def _shares(messages: Sequence[Message], connections: int) -> list[list[Message]]:
    shares: list[list[Message]] = [[] for _ in range(connections)]
    for message in messages:
        shares[message.lane % connections].append(message)
    return shares


def _share(messages: Sequence[Message], lanes: Lanes, say: Say, flaw: Flaw) -> None:
    trouble = 0
    with lanes.open() as lane:
        for message in messages:
            outcome = flaw(message) or _handed(message, lane, say)
            if outcome is None:
                continue
            lane.tell({message.reference: outcome})
            trouble = trouble + 1 if outcome.result in TROUBLE else 0
            if trouble >= PATIENCE:
                return


def _handed(message: Message, lane: Lane, say: Say) -> Outcome | None:
    """The outcome, or None where another worker has the message by now."""
    return say(message) if lane.hand_over([message.reference]) else None


def broken(error: httpx.HTTPError) -> Outcome:
    """What a call that got no answer means: where no connection was made nothing left, elsewhere nobody knows."""
    shut = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.UnsupportedProtocol)
    return Outcome(result=Result.UNREACHABLE if shut else Result.UNKNOWN, detail=type(error).__name__)


def by_status(status: int, code: str = "") -> Outcome | None:
    """What an HTTP status means where the provider's own code says no more; None for a success, whose body must prove it."""
    detail = f"{status} {code}".strip()
    if 200 <= status < 300:
        return None
    if status in BUSY:
        return Outcome(result=Result.DEFERRED, detail=detail)
    if status in OURS:
        return Outcome(result=Result.UNREACHABLE, detail=detail)
    if status in UNCERTAIN or not 400 <= status < 500:
        return Outcome(result=Result.UNKNOWN, detail=detail)
    return Outcome(result=Result.REFUSED, detail=detail)
