"""Several news for one person go in one message: which one, while it is still to be written.

What is told with others keeps its own row, suppressed, and names the notice that tells it. That one is locked until this
transaction ends, so nobody can claim and write it before what joins it is there to be read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from django.db import connection

from milepost.ground import journal
from milepost.ground.notices.words import Digest, Reason, WantedNotice
from milepost.kernel.acts import Act
from milepost.kernel.columns import columns
from milepost.kernel.ids import new_id

TEMPLATE = "digest"
DAY = timedelta(days=1)
TOGETHER = "Told together with what the same message tells of this order already."
Lane: TypeAlias = tuple[int | None, str, str, str]
"""Order, template, recipient and channel: what may go in one message while it waits."""


def digests_for(wanted: Sequence[Digest], *, act: Act) -> dict[Digest, UUID]:
    """The notice of each digest, planned if it is not there yet. One that is being sent already is that of the next day.

    One statement, and one more for those that are on their way already.
    """
    found: dict[Digest, UUID] = {}
    missing = {
        digest: digest for digest in sorted(set(wanted), key=lambda one: (one.recipient_key, one.channel, one.at))
    }
    while missing:
        found |= (new := _opened(missing, act))
        missing = {key: replace(tried, at=tried.at + DAY) for key, tried in missing.items() if key not in new}
    return found


def put_into_digests(entries: Sequence[tuple[UUID, datetime, Digest | None]], *, act: Act) -> None:
    """Say of notices that are withheld which digest tells them. Two statements; none without any."""
    wanted = [(key, filed_at, digest) for key, filed_at, digest in entries if digest]
    if not wanted:
        return
    telling = digests_for([digest for _, _, digest in wanted], act=act)
    with connection.cursor() as cursor:
        cursor.execute(_TOLD_WITH, columns([(key, filed_at, telling[digest]) for key, filed_at, digest in wanted]))


def joined(wanted: Sequence[WantedNotice]) -> list[WantedNotice]:
    """The same notices, those that another of the same order still waits to tell as told by it. One statement."""
    waiting = _waiting(wanted)
    answer = []
    for notice in wanted:
        lane = _lane(notice)
        telling = waiting.get(lane)
        if notice.reason:
            answer.append(notice)
        elif telling:
            answer.append(replace(notice, reason=Reason.JOINED, told_with=telling, says=(TOGETHER,)))
        else:
            waiting[lane] = key = new_id()
            answer.append(replace(notice, id=key))
    return answer


def _opened(missing: Mapping[Digest, Digest], act: Act) -> dict[Digest, UUID]:
    one_each = {_key(one): one for one in missing.values()}
    rows = [
        (new_id(), one.at, f"{TEMPLATE}:{one.at:%Y-%m-%dT%H:%MZ}", one.audience, one.recipient_key, one.channel, one.language,
         act.recorded_at)
        for one in one_each.values()
    ]  # fmt: skip
    open_ones = {tuple(key): digest for digest, *key in journal.returned(_OPEN_DIGESTS, rows)}
    return {wanted: open_ones[_key(tried)] for wanted, tried in missing.items() if _key(tried) in open_ones}


def _key(digest: Digest) -> tuple[str, str, datetime]:
    return digest.recipient_key, digest.channel, digest.at


def _waiting(wanted: Sequence[WantedNotice]) -> dict[Lane, UUID]:
    rows = sorted({(one.order_id, one.filed_at, one.template) for one in wanted if one.order_id is not None})
    if not rows:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, columns(rows))
        return {(order_id, *lane): key for key, order_id, *lane in cursor.fetchall()}


def _lane(notice: WantedNotice) -> Lane:
    return (notice.order_id, notice.template, notice.recipient_key, notice.channel)


_OPEN_DIGESTS = f"""
INSERT INTO notices_notice AS n (id, filed_at, order_id, template, milestone, audience, recipient_key, channel, language, rank,
    lasting, because, data, state, reason, due_at, planned_at, sent_at, trace, attempts, failures)
SELECT w.id, w.at, NULL, '{TEMPLATE}', w.milestone, w.audience, w.recipient_key, w.channel, w.language, 0, true, 'Digest',
    '{{}}'::jsonb, 'planned', '', w.at, w.planned_at, NULL, '[]'::jsonb, 0, 0
FROM unnest(%b::uuid[], %b::timestamptz[], %b::text[], %b::text[], %b::text[], %b::text[], %b::text[], %b::timestamptz[])
    AS w(id, at, milestone, audience, recipient_key, channel, language, planned_at)
ON CONFLICT (order_id, template, milestone, recipient_key, channel, filed_at) DO UPDATE SET due_at = n.due_at
    WHERE n.state = 'planned'
RETURNING id, recipient_key, channel, filed_at
"""  # noqa: S608 # from our own pieces

_TOLD_WITH = """
UPDATE notices_notice n SET told_with = w.telling FROM unnest(%b::uuid[], %b::timestamptz[], %b::uuid[])
    AS w(id, filed_at, telling)
WHERE n.id = w.id AND n.filed_at = w.filed_at
"""

_WAITING = """
SELECT n.id, n.order_id, n.template, n.recipient_key, n.channel
FROM unnest(%b::bigint[], %b::timestamptz[], %b::text[]) AS w(order_id, filed_at, template)
JOIN notices_notice n ON n.order_id = w.order_id AND n.filed_at = w.filed_at AND n.template = w.template
WHERE n.state = 'planned' ORDER BY n.id FOR UPDATE OF n
"""
