"""Write to the journal: `record` facts with what follows from them, and `move` a state by its table."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, TypeAlias, TypeVar

from django.db import connection, models, transaction

from milepost.ground.journal import rows
from milepost.ground.journal.rules import GENESIS, seal
from milepost.kernel.acts import Act
from milepost.kernel.columns import columns
from milepost.kernel.facts import Fact
from milepost.kernel.refusals import Refusal, Refused
from milepost.kernel.transitions import Machine

FEW_ENTRIES = 12
"""What one order's act records, and a little more."""

Handler: TypeAlias = Callable[[list[Any], Act], None]
Said: TypeAlias = tuple[Fact, Act]
Key = TypeVar("Key")

STALE = Refusal(
    code="changed_meanwhile",
    says="Somebody else changed this in the meantime.",
    do="Look at it again and repeat what is still needed.",
    status=409,
)

_reactions: Mapping[type[Fact], Sequence[Handler]] = {}
_together: ContextVar[bool] = ContextVar("inside a command's transaction", default=False)
_open: ContextVar[list[Said] | None] = ContextVar("facts waiting for their reactions", default=None)
_heard: ContextVar[list[Fact] | None] = ContextVar("facts that somebody listens to", default=None)
_unwritten: ContextVar[list[Said] | None] = ContextVar("facts of several acts waiting to be written", default=None)


@contextmanager
def together() -> Iterator[None]:
    """One transaction for all that a command writes.

    Around a command that was given by itself it is a transaction, or a savepoint in one. Inside another command, or in a
    reaction, everything stands or falls together, so no savepoint is spent.
    """
    token = _together.set(True)
    try:
        with transaction.atomic(savepoint=token.old_value is not True and _open.get() is None), rows.gathering():
            yield
    finally:
        _together.reset(token)


@contextmanager
def written_at_the_end() -> Iterator[None]:
    """Several acts in one transaction: what they record is written together at its end, so that all heads are locked in one order.

    The reactions to each act run at once, as always. Nothing is written where an exception leaves it. Within another it changes
    nothing.
    """
    if _unwritten.get() is not None:
        with together():
            yield
        return
    said: list[Said] = []
    token = _unwritten.set(said)
    try:
        with together():
            yield
            if said:
                _write(said)
    finally:
        _unwritten.reset(token)


@contextmanager
def heard() -> Iterator[list[Fact]]:
    """All facts recorded meanwhile, those of reactions included, so that whoever caused them need not read what became of it."""
    facts: list[Fact] = []
    token = _heard.set(facts)
    try:
        yield facts
    finally:
        _heard.reset(token)


def react_with(table: Mapping[type[Fact], Sequence[Handler]]) -> None:
    """Register what follows from each kind of fact; `config/wiring` calls this once at start."""
    global _reactions
    _reactions = table


def record(facts: Iterable[Fact], *, act: Act) -> None:
    """Record facts and run the *now* reactions to them in the same transaction, breadth first until nothing follows.

    Handlers get all facts of one kind and one act at once, and may call commands that record in turn. The entries of the
    whole are written together at the end, so each stream's chain is locked and advanced once.
    """
    said = [(fact, act) for fact in facts]
    if not said:
        return
    waiting = _open.get()
    if waiting is not None:
        waiting.extend(said)
        return
    with transaction.atomic(savepoint=False), rows.gathering():
        everything, unwritten = _follow(said), _unwritten.get()
        if unwritten is None:
            _write(everything)
        else:
            unwritten += everything


def _follow(wave: list[Said]) -> list[Said]:
    everything: list[Said] = []
    while wave:
        everything += wave
        following: list[Said] = []
        token = _open.set(following)
        try:
            for (kind, act), facts in _by_kind(wave).items():
                for handler in _reactions.get(kind, ()):
                    handler(facts, act)
        finally:
            _open.reset(token)
        wave = following
    listening = _heard.get()
    if listening is not None:
        listening += [fact for fact, _ in everything]
    return everything


def _by_kind(wave: list[Said]) -> dict[tuple[type[Fact], Act], list[Fact]]:
    groups: dict[tuple[type[Fact], Act], list[Fact]] = defaultdict(list)
    for fact, act in wave:
        groups[type(fact), act].append(fact)
    return groups


def _write(said: list[Said]) -> None:
    """Append the entries: lock the heads in one fixed order, seal, insert and advance the heads. Two statements.

    A stream that begins here has no head to be locked; nobody else can begin it, because its subject's row is inserted once.
    """
    begun = {(fact.stream, fact.stream_id) for fact, _ in said if fact.opens}
    heads = dict.fromkeys(begun, (0, GENESIS))
    heads |= _lock_heads({(fact.stream, fact.stream_id) for fact, _ in said} - begun)
    entries = [_entry(fact, act, heads) for fact, act in said]
    rows.write(_APPEND, entries, few=FEW_ENTRIES)
    rows.write(_ADVANCE, [(*key, *head) for key, head in sorted(heads.items())])


def _lock_heads(keys: set[tuple[str, int]]) -> dict[tuple[str, int], tuple[int, bytes]]:
    if not keys:
        return {}
    ordered = sorted(keys)
    heads = dict.fromkeys(ordered, (0, GENESIS))
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_HEADS, columns(ordered))
        for stream, stream_id, sequence, digest in cursor.fetchall():
            heads[stream, stream_id] = (sequence, bytes(digest))
    return heads


def _entry(fact: Fact, act: Act, heads: dict[tuple[str, int], tuple[int, bytes]]) -> tuple[Any, ...]:
    key = (fact.stream, fact.stream_id)
    sequence, before = heads[key]
    sequence += 1
    data = fact.data()
    digest = seal(
        before, stream=key[0], stream_id=key[1], sequence=sequence, kind=type(fact).__name__, data=data, actor=act.actor,
        channel=act.channel, reason=act.reason, history=act.history, occurred_at=act.at, recorded_at=act.recorded_at,
    )  # fmt: skip
    heads[key] = (sequence, digest)
    return (
        *key, sequence, act.recorded_at, act.at, type(fact).__name__, data.decode(), act.actor, act.channel, act.reason,
        act.history, digest,
    )  # fmt: skip


_LOCK_HEADS = """
SELECT c.stream, c.stream_id, c.sequence, c.digest FROM journal_chain c
JOIN unnest(%b::text[], %b::bigint[]) AS wanted(stream, stream_id) USING (stream, stream_id)
ORDER BY c.stream, c.stream_id FOR UPDATE OF c
"""

_APPEND = """
INSERT INTO journal_entry (stream, stream_id, sequence, recorded_at, occurred_at, kind, data, actor, channel, reason,
    history, digest)
SELECT * FROM unnest(%b::text[], %b::bigint[], %b::int[], %b::timestamptz[], %b::timestamptz[], %b::text[], %b::jsonb[],
    %b::text[], %b::text[], %b::text[], %b::bool[], %b::bytea[]) AS entry
"""

_ADVANCE = """
INSERT INTO journal_chain (stream, stream_id, sequence, digest)
SELECT * FROM unnest(%b::text[], %b::bigint[], %b::int[], %b::bytea[]) AS head
ON CONFLICT (stream, stream_id) DO UPDATE SET sequence = excluded.sequence, digest = excluded.digest
"""


def move(
    machine: Machine,
    model: type[models.Model],
    states: Mapping[Key, str],
    verb: str,
    *,
    act: Act,
    fact: Callable[[Key, str, str], Fact | None],
    field: str = "state",
    also: Mapping[str, Any] | None = None,
) -> dict[Key, str]:
    """Move rows by the table: `states` are the keys and the states they were read in; return their new states.

    Updates only where the old state still holds (compare and set), and records `fact(key, source, target)` of each in the
    same transaction. Refuses `not_now` where the table knows no such step, `changed_meanwhile` where another was faster;
    then nothing is moved.
    """
    targets = {key: machine.target(state, verb) for key, state in states.items()}
    steps: dict[tuple[str, str], list[Key]] = defaultdict(list)
    for key, target in targets.items():
        steps[states[key], target].append(key)
    with together():
        for (source, target), keys in sorted(steps.items()):
            changed = {field: target, **(also or {})}
            with connection.cursor() as cursor:
                cursor.execute(_compare_and_set(model, field, tuple(changed)), [*changed.values(), keys, source])
                if cursor.rowcount != len(keys):
                    raise Refused(STALE)
        record([said for key in states if (said := fact(key, states[key], targets[key]))], act=act)
    return targets


@cache
def _compare_and_set(model: type[models.Model], field: str, changed: tuple[str, ...]) -> str:
    meta: Any = model._meta
    quote = connection.ops.quote_name
    sets = ", ".join(f"{quote(str(meta.get_field(name).column))} = %s" for name in changed)
    kind = str(meta.pk.db_type(connection)).partition("(")[0]
    return (
        f"UPDATE {quote(meta.db_table)} SET {sets}"  # noqa: S608 - names of our own models
        f" WHERE {quote(str(meta.pk.column))} = ANY(%b::{kind}[]) AND {quote(str(meta.get_field(field).column))} = %s"
    )
