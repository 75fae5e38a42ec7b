"""Pure decisions about senders: how each does, and which of several gets a message."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from uuid import UUID

from milepost.ground.notices.words import Health, Result, SenderState, Tally
from milepost.ground.procedures.words import SendingPolicy

USUAL_WEIGHT = 100
MOST_RESTS = 12  # doublings that are counted

BAD = frozenset({Result.DEFERRED, Result.UNREACHABLE, Result.UNKNOWN})
GOOD = frozenset({Result.SENT, Result.REFUSED})
"""A sender that refuses a message for good does its work; what a worker left in the middle says nothing of the sender."""


def observed(state: SenderState, results: Iterable[str], *, policy: SendingPolicy, now: datetime) -> SenderState:
    """A sender's state after these results of attempts.

    Up, it goes down when enough of the window went wrong. Trying, it comes back when enough of the probes got through, and rests
    again, twice as long, when they did not. Down, late results change nothing.
    """
    seen = list(results)
    good, bad = sum(one in GOOD for one in seen), sum(one in BAD for one in seen)
    if not (good or bad):
        return state
    state = replace(state, tallies=_added(state.tallies, good, bad, policy, now))
    good, bad = sum(one.good for one in state.tallies), sum(one.bad for one in state.tallies)
    match state.health:
        case Health.UP if good + bad >= policy.least and 100 * bad >= policy.down_percent * (good + bad):
            return _down(state, now, rests=0)
        case Health.TRYING if good + bad >= policy.probes:
            if 100 * good >= policy.up_percent * (good + bad):
                return SenderState(name=state.name, health=Health.UP, since=now)
            return _down(state, now, rests=min(state.rests + 1, MOST_RESTS))
    return state


def _added(tallies: Sequence[Tally], good: int, bad: int, policy: SendingPolicy, now: datetime) -> tuple[Tally, ...]:
    minute = int(now.timestamp() // 60)
    kept = [one for one in tallies if one.minute > minute - policy.window_minutes]
    if kept and kept[-1].minute >= minute:
        last = kept.pop()
        return (*kept, Tally(last.minute, last.good + good, last.bad + bad))
    return (*kept, Tally(minute, good, bad))


def _down(state: SenderState, now: datetime, *, rests: int) -> SenderState:
    return SenderState(name=state.name, health=Health.DOWN, since=now, rests=rests)


def rests_until(state: SenderState, *, policy: SendingPolicy) -> datetime | None:
    """When a sender that is down is tried again."""
    if state.health != Health.DOWN or state.since is None:
        return None
    minutes = min(policy.rest_minutes * 2**state.rests, policy.longest_rest_minutes)
    return state.since + timedelta(minutes=minutes)


def as_of(state: SenderState, *, policy: SendingPolicy, now: datetime) -> SenderState:
    """A sender that has rested is tried."""
    until = rests_until(state, policy=policy)
    if until is None or until > now:
        return state
    return SenderState(name=state.name, health=Health.TRYING, since=now, rests=state.rests)


@dataclass(frozen=True, slots=True)
class Wish:
    """A message to be routed: those of one lane take one way. `former` was its sender the last time, without success."""

    id: UUID
    lane: int
    former: str = ""


def routed(wishes: Sequence[Wish], states: Sequence[SenderState], *, policy: SendingPolicy) -> dict[UUID, str | None]:
    """The sender of each message, or None where it must wait until one has rested. `states` are as of now.

    A lane's share is drawn by the weights, the same each time, so that an order's messages keep their order. What went wrong
    with one sender is tried with another. A few messages find out about those that are tried.
    """
    if len(states) == 1:
        return dict.fromkeys((wish.id for wish in wishes), states[0].name)
    up = [one.name for one in states if one.health == Health.UP]
    probes = {one.name: policy.probes for one in states if one.health == Health.TRYING}
    return {wish.id: _probe(probes, wish) or _drawn(wish, up, policy) for wish in wishes}


def _probe(probes: dict[str, int], wish: Wish) -> str | None:
    """One of the few messages by which it is found out whether a sender is back."""
    for name, left in probes.items():
        if left and name != wish.former:
            probes[name] -= 1
            return name
    return None


def _drawn(wish: Wish, up: Sequence[str], policy: SendingPolicy) -> str | None:
    others = [name for name in up if name != wish.former] or up
    weighted = [name for name in others if _weight(name, policy)] or others
    return max(weighted, key=lambda name: _score(wish, name, policy), default=None)


def _weight(name: str, policy: SendingPolicy) -> int:
    return policy.weights.get(name, USUAL_WEIGHT)


def _score(wish: Wish, name: str, policy: SendingPolicy) -> float:
    """Weighted rendezvous hashing: each lane's largest score is with a sender as often as its weight says."""
    key = f"{wish.lane or wish.id.hex}:{name}".encode()
    drawn = (int.from_bytes(blake2b(key, digest_size=8).digest()) + 1) / (2**64 + 2)
    return -max(_weight(name, policy), 1) / math.log(drawn)
