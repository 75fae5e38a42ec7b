"""Send: what is due is signed and called, and what came back is written down.

At least once: a worker that dies while it calls leaves its deliveries to others when its lease ends; the event's id is the same
then, so a receiver knows what it has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from milepost.ground import journal
from milepost.ground.duties import commands as duties
from milepost.ground.duties.words import Wanted
from milepost.ground.procedures import queries as procedures
from milepost.ground.procedures.words import WebhookRules
from milepost.ground.webhooks import rules
from milepost.ground.webhooks.commands.endpoints import stop
from milepost.ground.webhooks.ports import Caller
from milepost.ground.webhooks.words import Answer, Call, Sent, Standing, State
from milepost.kernel.acts import Act
from milepost.kernel.columns import columns
from milepost.kernel.texts import printable

LEASE = timedelta(minutes=2)
OF_ONE_ENDPOINT = 50
"""So that a slow endpoint does not keep the others waiting."""


@dataclass(frozen=True, slots=True)
class _Due:
    id: UUID
    endpoint_id: UUID
    event_id: str
    previous: int
    attempts: int
    failures: int
    url: str
    generation: int
    former_until: datetime | None
    body: bytes


def send_due(caller: Caller, *, act: Act, limit: int = 200) -> Sent:
    """One batch of the outbox, oldest first; any number of workers may send at once. Statements as many for one as for hundreds."""
    due = _claim(limit, act.at)
    if not due:
        return Sent()
    answers = caller.call([_call(one, act.at) for one in due])
    return _settle(due, answers, act)


def _claim(limit: int, now: datetime) -> list[_Due]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": now, "lease": now + LEASE, "limit": limit, "share": OF_ONE_ENDPOINT})
        found = [_Due(*row) for row in cursor.fetchall()]
    return sorted(found, key=lambda one: (one.endpoint_id, one.id))


def _call(one: _Due, now: datetime) -> Call:
    key, body, timestamp = (
        settings.SECRET_KEY.encode(),
        rules.with_previous(bytes(one.body), one.previous),
        int(now.timestamp()),
    )
    both = one.former_until is not None and now < one.former_until
    generations = (one.generation, one.generation - 1) if both else (one.generation,)
    secrets = [rules.secret(key, one.endpoint_id, generation) for generation in generations]
    headers = {
        "content-type": "application/cloudevents+json",
        "user-agent": "Milepost-Webhooks/1",
        "webhook-id": one.event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": rules.signature(secrets, event_id=one.event_id, timestamp=timestamp, body=body),
    }
    return Call(delivery_id=one.id, url=one.url, headers=headers, body=body)


def _settle(due: Sequence[_Due], answers: Mapping[UUID, Answer], act: Act) -> Sent:
    book = procedures.book().webhooks
    nothing = Answer(detail="no word came back")
    done = [(one, answers.get(one.id, nothing)) for one in due]
    verdicts = [(one, a, rules.after(a, failures=one.failures, rules=book, now=act.at)) for one, a in done]
    with journal.together():
        with connection.cursor() as cursor:
            cursor.execute(_SETTLE, [act.at, *columns([_row(*each) for each in verdicts])])
            cursor.execute(_ATTEMPTS, [act.at, *columns([_attempt(one, answer) for one, answer in done])])
            cursor.execute(_ENDPOINTS, [act.at, act.at, *columns(_how_endpoints_did(verdicts))])
        gone = sorted({one.endpoint_id for one, _, verdict in verdicts if verdict.gone})
        _see_to_endpoints(gone, book, act)
    states = [verdict.state for _, _, verdict in verdicts]
    return Sent(
        delivered=states.count(State.DELIVERED), later=states.count(State.DUE),
        failed=states.count(State.FAILED) + states.count(State.DROPPED),
    )  # fmt: skip


def _row(one: _Due, answer: Answer, verdict: rules.Verdict) -> tuple[Any, ...]:
    return (
        one.id, one.attempts, verdict.state.value, verdict.due_at, verdict.failures, answer.status,
        printable(answer.detail, 120),
    )  # fmt: skip


def _attempt(one: _Due, answer: Answer) -> tuple[Any, ...]:
    return (one.id, one.attempts, answer.status, printable(answer.detail, 120), answer.took_ms)


def _how_endpoints_did(verdicts: Sequence[tuple[_Due, Answer, rules.Verdict]]) -> list[tuple[UUID, bool]]:
    """Of each endpoint, whether anything reached it."""
    reached: dict[UUID, bool] = {}
    for one, _, verdict in verdicts:
        reached[one.endpoint_id] = reached.get(one.endpoint_id, False) or verdict.state is State.DELIVERED
    return sorted(reached.items())


def _see_to_endpoints(gone: Sequence[UUID], book: WebhookRules, act: Act) -> None:
    """An endpoint that said 410 is told nothing any more; one that has failed for days is stopped, and a person is asked."""
    with connection.cursor() as cursor:
        cursor.execute(_GIVEN_UP, [act.at - timedelta(days=book.give_up_days)])
        given_up = [endpoint for (endpoint,) in cursor.fetchall()]
    if gone:
        stop(gone, Standing.GONE, act=act)
    if given_up:
        stop(given_up, Standing.GIVEN_UP, act=act)
    duties.open_duties(
        [
            Wanted(
                kind="it_repair", subject_kind="subscription", subject_id=str(endpoint),
                says=f"A subscription was stopped ({why}): ask its owner, then resume or close it.",
            )
            for endpoints, why in ((gone, "it answered 410, gone"), (given_up, f"it failed for {book.give_up_days} days"))
            for endpoint in endpoints
        ],
        act=act,
    )  # fmt: skip


_CLAIM = """
WITH first AS (
    SELECT d.id, d.endpoint_id, d.due_at FROM webhooks_delivery d JOIN webhooks_endpoint e ON e.id = d.endpoint_id
    WHERE d.state = 'due' AND d.due_at <= %(now)s AND e.standing = 'active' ORDER BY d.due_at LIMIT %(limit)s * 10
), placed AS (
    SELECT id, row_number() OVER (PARTITION BY endpoint_id ORDER BY due_at, id) AS place FROM first
), free AS (
    SELECT d.id FROM webhooks_delivery d JOIN placed p ON p.id = d.id
    WHERE p.place <= %(share)s AND d.state = 'due' AND d.due_at <= %(now)s ORDER BY d.id LIMIT %(limit)s FOR UPDATE OF d SKIP LOCKED
)
UPDATE webhooks_delivery d SET due_at = %(lease)s, attempts = d.attempts + 1
FROM free, webhooks_endpoint e, webhooks_event v
WHERE d.id = free.id AND e.id = d.endpoint_id AND v.id = d.event_id
RETURNING d.id, d.endpoint_id, d.event_id, d.previous, d.attempts, d.failures, e.url, e.generation, e.former_until, v.body
"""
_SETTLE = """
UPDATE webhooks_delivery d SET state = w.state, due_at = w.due_at, failures = w.failures, status = w.status, detail = w.detail,
    delivered_at = CASE WHEN w.state = 'delivered' THEN %s ELSE d.delivered_at END
FROM unnest(%b::uuid[], %b::smallint[], %b::text[], %b::timestamptz[], %b::smallint[], %b::smallint[], %b::text[])
    AS w(id, number, state, due_at, failures, status, detail)
WHERE d.id = w.id AND d.attempts = w.number AND d.state = 'due'
"""
_ATTEMPTS = """
INSERT INTO webhooks_attempt (at, delivery_id, number, status, detail, took_ms)
SELECT %s, * FROM unnest(%b::uuid[], %b::smallint[], %b::smallint[], %b::text[], %b::int[]) ON CONFLICT DO NOTHING
"""
_ENDPOINTS = """
UPDATE webhooks_endpoint e SET last_delivered_at = CASE WHEN w.reached THEN %s ELSE e.last_delivered_at END,
    failing_since = CASE WHEN w.reached THEN NULL ELSE coalesce(e.failing_since, %s) END
FROM unnest(%b::uuid[], %b::bool[]) AS w(id, reached) WHERE e.id = w.id
"""
_GIVEN_UP = "SELECT id FROM webhooks_endpoint WHERE standing = 'active' AND failing_since < %s ORDER BY id"
