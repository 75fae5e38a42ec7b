"""Plan notices in the transaction of their fact."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from milepost.ground import journal
from milepost.ground.notices.commands.digests import digests_for
from milepost.ground.notices.commands.traces import trace
from milepost.ground.notices.commands.trouble import Trouble, hand_to_people
from milepost.ground.notices.words import SHOWN, Reason, State, WantedNotice
from milepost.kernel.acts import Act
from milepost.kernel.ids import new_id


def plan(wanted: Sequence[WantedNotice], *, act: Act) -> None:
    """Plan each notice once, whoever asks and however often (NTF-1).

    What is shown where people look for themselves is told by being planned. One with a reason is written down as
    suppressed; where an address is missing, a duty says that somebody must reach the recipient another way. One statement,
    two when an address is missing.
    """
    if not wanted:
        return
    more = [notice for notice in wanted if _has_more(notice)]
    if more:
        _plan_with_more(more, act)
        wanted = [notice for notice in wanted if not _has_more(notice)]
        if not wanted:
            return
    rows = [_row(notice, act) for notice in wanted]
    unreachable = [pair for pair in zip(wanted, rows, strict=True) if pair[0].reason == Reason.NO_ADDRESS]
    if not unreachable:
        journal.write(_PLAN, rows)
        return
    with journal.together():
        new = {key for (key,) in journal.returned(f"{_PLAN} RETURNING id", rows)}
        _hand_to_people([(notice, row[0]) for notice, row in unreachable if row[0] in new], act)


def _has_more(notice: WantedNotice) -> bool:
    return bool(notice.says or notice.told_with or notice.digest or notice.id)


def _plan_with_more(wanted: Sequence[WantedNotice], act: Act) -> None:
    """Those whose trace has more to say than that the matrix wants them, or that are told with others."""
    with journal.together():
        telling = digests_for([notice.digest for notice in wanted if notice.digest], act=act)
        rows = [
            (
                *_row(notice, act), trace(act.recorded_at, *notice.says) if notice.says else "[]",
                telling[notice.digest] if notice.digest else notice.told_with,
            )
            for notice in wanted
        ]  # fmt: skip
        new = {key for (key,) in journal.returned(f"{_PLAN_WITH_MORE} RETURNING id", rows)}
        unreachable = [
            (notice, row[0])
            for notice, row in zip(wanted, rows, strict=True)
            if notice.reason == Reason.NO_ADDRESS and row[0] in new
        ]
        if unreachable:
            _hand_to_people(unreachable, act)


def _hand_to_people(unreachable: Sequence[tuple[WantedNotice, UUID]], act: Act) -> None:
    """Somebody must reach them another way."""
    hand_to_people(
        [
            Trouble(notice_id=key, order_id=notice.order_id, template=notice.template, reason=notice.reason)
            for notice, key in unreachable
        ],
        act=act,
    )


def _row(notice: WantedNotice, act: Act) -> tuple[Any, ...]:
    if notice.reason:
        state, due_at, sent_at = State.SUPPRESSED, None, None
    elif notice.channel in SHOWN:
        state, due_at, sent_at = State.SENT, None, act.recorded_at
    else:
        state, due_at, sent_at = State.PLANNED, notice.not_before or act.recorded_at, None
    return (
        notice.id or new_id(), notice.filed_at, notice.order_id, notice.template, notice.milestone, notice.audience,
        notice.recipient_key, notice.channel, notice.language, notice.rank, notice.lasting, notice.because, notice.data,
        state, notice.reason, due_at, act.recorded_at, sent_at,
    )  # fmt: skip


_PLAN = """
INSERT INTO notices_notice (id, filed_at, order_id, template, milestone, audience, recipient_key, channel, language, rank,
    lasting, because, data, state, reason, due_at, planned_at, sent_at, trace, attempts, failures)
SELECT w.*, '[]'::jsonb, 0, 0
FROM unnest(%b::uuid[], %b::timestamptz[], %b::bigint[], %b::text[], %b::text[], %b::text[], %b::text[], %b::text[],
    %b::text[], %b::smallint[], %b::bool[], %b::text[], %b::jsonb[], %b::text[], %b::text[], %b::timestamptz[],
    %b::timestamptz[], %b::timestamptz[]) AS w
ON CONFLICT DO NOTHING
"""

_PLAN_WITH_MORE = """
INSERT INTO notices_notice (id, filed_at, order_id, template, milestone, audience, recipient_key, channel, language, rank,
    lasting, because, data, state, reason, due_at, planned_at, sent_at, trace, told_with, attempts, failures)
SELECT w.*, 0, 0
FROM unnest(%b::uuid[], %b::timestamptz[], %b::bigint[], %b::text[], %b::text[], %b::text[], %b::text[], %b::text[],
    %b::text[], %b::smallint[], %b::bool[], %b::text[], %b::jsonb[], %b::text[], %b::text[], %b::timestamptz[],
    %b::timestamptz[], %b::timestamptz[], %b::jsonb[], %b::uuid[]) AS w
ON CONFLICT DO NOTHING
"""
