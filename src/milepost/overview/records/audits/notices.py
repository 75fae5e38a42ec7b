"""Every fact the matrix names has its notice or a recorded reason for none; nothing is sent twice, and nothing only in name."""

from collections.abc import Iterator
from typing import Any

from milepost.ground.procedures import queries as procedures
from milepost.kernel.facts import canonical
from milepost.overview.records.words import Breach, Check
from milepost.reactions.notices import TELLING_APART

ANNOUNCED = "facts are announced"

_OCCURRENCE = ", ".join(f"e.data->>'{field}'" for field in TELLING_APART)

_UNANNOUNCED = f"""
    SELECT e.stream_id AS order_id, coalesce(o.reference, e.stream_id::text) AS reference, e.kind, e.sequence,
        w.audience, w.template
    FROM journal_entry e
    JOIN unnest(%(facts)s::text[], %(audiences)s::text[], %(templates)s::text[], %(milestones)s::text[],
            %(whens)s::jsonb[])
        AS w(fact, audience, template, milestone, whens) ON w.fact = e.kind
    LEFT JOIN orders_order o ON o.id = e.stream_id
    WHERE e.stream = 'order' AND e.recorded_at >= coalesce(
            (SELECT max(in_force_at) FROM procedures_document
                WHERE kind = 'communication_matrix' AND state = 'published' AND version > 1), '-infinity')
        AND NOT EXISTS (SELECT 1 FROM jsonb_each(w.whens) v WHERE NOT coalesce(v.value ? (e.data->>v.key), false))
        AND NOT EXISTS (
            SELECT 1 FROM notices_notice n WHERE n.order_id = e.stream_id AND n.template = w.template
                AND n.audience = w.audience AND n.milestone = concat_ws(':', w.milestone, {_OCCURRENCE}))
"""  # noqa: S608 - made of our own words


def unannounced(cursor: Any) -> Iterator[Breach]:
    """The facts that the matrix in force has somebody told of, but of which nobody was, and no reason says why (NTF-1, NTF-4).

    Of a later version only the facts since it came into force are looked at: the ones before went by another.
    """
    rows = [row for row in procedures.book().matrix if row.expects]
    cursor.execute(
        _UNANNOUNCED,
        {
            "facts": [row.fact for row in rows], "audiences": [row.audience for row in rows],
            "templates": [row.template for row in rows], "milestones": [row.milestone for row in rows],
            "whens": [canonical(dict(row.when)).decode() for row in rows],
        },
    )  # fmt: skip
    for order_id, reference, kind, sequence, audience, template in cursor.fetchall():
        yield Breach(
            rule=ANNOUNCED,
            order_id=order_id,
            about={"sequence": sequence},
            says=f"Entry {sequence} of order {reference} ({kind}) should be told to {audience} by {template}, but no message and no"
            " reason for none is on record.",
        )


_AGAIN = """
    SELECT (data->>'notice_id')::uuid AS notice_id, count(*) AS times FROM journal_entry
    WHERE kind = 'NoticePlannedAgain' GROUP BY 1
"""

ONCE = Check(
    rule="nothing is sent twice",
    finds=f"""
        SELECT n.order_id, coalesce(o.reference, 'none') AS reference, n.template, a.arrived
        FROM (SELECT notice_id, count(*) AS arrived FROM notices_attempt WHERE result = 'sent' GROUP BY 1) a
        JOIN notices_notice n ON n.id = a.notice_id LEFT JOIN orders_order o ON o.id = n.order_id
        LEFT JOIN ({_AGAIN}) g ON g.notice_id = a.notice_id
        WHERE a.arrived > 1 + coalesce(g.times, 0)
    """,  # noqa: S608
    says="The message {template} of order {reference} was sent {arrived} times.",
)

NEVER_BLINDLY = Check(
    rule="nothing in doubt is sent again blindly",
    finds=f"""
        SELECT n.order_id, coalesce(o.reference, 'none') AS reference, n.template
        FROM (
            SELECT l.notice_id, count(*) AS times FROM notices_attempt d JOIN notices_attempt l
                ON l.notice_id = d.notice_id AND l.number = d.number + 1 AND l.handed_at IS NOT NULL
            WHERE d.result = 'unknown' GROUP BY 1
        ) b JOIN notices_notice n ON n.id = b.notice_id LEFT JOIN orders_order o ON o.id = n.order_id
        LEFT JOIN ({_AGAIN}) g ON g.notice_id = b.notice_id
        WHERE b.times > coalesce(g.times, 0)
    """,  # noqa: S608
    says="The message {template} of order {reference} was handed over again, although nobody knew whether it had left.",
)

PLANNED_ONCE = Check(
    rule="nothing is planned twice",
    finds="""
        SELECT n.order_id, coalesce(o.reference, 'none') AS reference, n.template, n.recipient_key, count(*) AS times
        FROM notices_notice n LEFT JOIN orders_order o ON o.id = n.order_id
        WHERE n.order_id IS NOT NULL
        GROUP BY n.order_id, o.reference, n.template, n.milestone, n.recipient_key, n.channel HAVING count(*) > 1
    """,
    says="The message {template} of order {reference} to {recipient_key} was planned {times} times.",
)

TRULY_SENT = Check(
    rule="what counts as sent was sent",
    finds="""
        SELECT n.order_id, coalesce(o.reference, 'none') AS reference, n.template FROM notices_notice n
        LEFT JOIN orders_order o ON o.id = n.order_id
        WHERE n.state = 'sent' AND n.channel NOT IN ('in_app', 'portal') AND n.order_id IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM journal_entry e WHERE e.stream = 'order' AND e.stream_id = n.order_id
                AND e.kind = 'NoticeSent' AND e.data->>'notice_id' = n.id::text)
    """,
    says="The message {template} of order {reference} counts as sent, but its journal does not say so.",
)

CHECKS = (ONCE, NEVER_BLINDLY, PLANNED_ONCE, TRULY_SENT)
