"""Build tracking links when parcels are handed over, and look at them while they matter (TRK-4).

Carriers' pages are looked at politely: only so many of one host at a time. What is beyond that takes a look at another parcel's
page of the same carrier for its own, if it is fresh: a broken address is broken for all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import connection, transaction

from milepost.ground import journal
from milepost.ground.procedures import queries as procedures
from milepost.ground.procedures.words import LinkRules
from milepost.kernel.acts import Act
from milepost.kernel.columns import columns
from milepost.kernel.facts import OrderFact
from milepost.kernel.texts import printable
from milepost.way.fulfilment import queries as fulfilment
from milepost.way.tracking.facts import LinkBroken, LinkSettled
from milepost.way.tracking.links import ports
from milepost.way.tracking.links.rules import Standing, after
from milepost.way.tracking.links.words import DueLink, LinkState, LookedAt
from milepost.way.tracking.models import TrackingLink

LEASE = timedelta(minutes=5)


def build_links(parcel_ids: Sequence[int], *, act: Act) -> int:
    """Write the carrier's page of each parcel, to be looked at now; a parcel whose carrier has no page has none. Three statements.

    A link that stays the same keeps what is known of it. History is told to nobody, so its links are not built; nor are any where
    nobody looks at links.
    """
    if act.history or not parcel_ids or ports.checker() is None:
        return 0
    rows = [
        (one.parcel_id, one.order_id, one.carrier, urlsplit(one.url).hostname or "", one.url, act.at)
        for one in fulfilment.tracking_links(parcel_ids)
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_BUILD, columns(rows))
    return len(rows)


def check_links(*, act: Act) -> int:
    """One pass, to be made each minute: claim what is due, look at it outside any transaction, write down what was found.

    Return how many were looked at.
    """
    checker = ports.checker()
    if checker is None:
        return 0
    rules = procedures.book().links
    with transaction.atomic():
        due = _claim(rules, act.at)
        _take_from_others(rules, act.at)
    if not due:
        return 0
    found = checker.look([link.url for link in due])
    note_looks(due, found, act=act)
    return len(due)


def look_now(parcel_ids: Sequence[int], *, act: Act) -> int:
    """Have the links of these parcels looked at next; return how many. One statement."""
    waiting = TrackingLink.objects.filter(parcel_id__in=list(parcel_ids), next_check_at__isnull=False)
    return waiting.update(next_check_at=act.at)


def note_looks(due: Sequence[DueLink], found: Mapping[str, LookedAt], *, act: Act) -> None:
    """What was found at the links. Links of parcels that have arrived are not looked at again. One statement and the journal's."""
    rules = procedures.book().links
    seen = [_seen(link, found[link.url], rules, act.at) for link in due if link.url in found]
    if not seen:
        return
    with journal.together():
        with connection.cursor() as cursor:
            cursor.execute(_NOTE, [act.at, *columns([one.row() for one in seen])])
            arrived = {parcel for parcel, last in cursor.fetchall() if last}
        journal.record([fact for one in seen if (fact := one.fact(one.link.parcel_id in arrived))], act=act)


@dataclass(frozen=True, slots=True)
class _Seen:
    link: DueLink
    looked: LookedAt
    standing: Standing

    def row(self) -> tuple[Any, ...]:
        return (
            self.link.parcel_id, self.link.url, self.standing.state.value, self.standing.failures, self.standing.next_check_at,
            printable(self.looked.detail, 120),
        )  # fmt: skip

    def fact(self, arrived: bool) -> OrderFact | None:
        about: dict[str, Any] = {
            "order_id": self.link.order_id, "parcel_id": self.link.parcel_id, "carrier": self.link.carrier
        }  # fmt: skip
        was_broken, is_broken = self.link.state is LinkState.BROKEN, self.standing.state is LinkState.BROKEN
        if was_broken and (arrived or not is_broken):
            return LinkSettled(**about, because="the parcel has arrived" if is_broken else "the page is there again")
        if is_broken and not was_broken and not arrived:
            return LinkBroken(**about, found=printable(self.looked.detail, 120))
        return None


def _seen(link: DueLink, looked: LookedAt, rules: LinkRules, now: datetime) -> _Seen:
    return _Seen(link, looked, after(looked.look, state=link.state, failures=link.failures, rules=rules, now=now))


def _claim(rules: LinkRules, now: datetime) -> list[DueLink]:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": now, "lease": now + LEASE, "a_pass": rules.per_host_per_minute})
        return [
            DueLink(
                parcel_id=parcel, order_id=order, carrier=carrier, url=url, state=LinkState(state), failures=failures
            )
            for parcel, order, carrier, url, state, failures in cursor.fetchall()
        ]


def _take_from_others(rules: LinkRules, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _INHERIT,
            {
                "now": now, "fresh": now - timedelta(minutes=rules.trust_minutes),
                "next": now + timedelta(hours=rules.recheck_hours),
            },
        )  # fmt: skip


_BUILD = """
INSERT INTO tracking_link (parcel_id, order_id, carrier, host, url, next_check_at, state, failures, detail, of_another)
SELECT *, 'unchecked', 0, '', false
FROM unnest(%b::bigint[], %b::bigint[], %b::text[], %b::text[], %b::text[], %b::timestamptz[])
ON CONFLICT (parcel_id) DO UPDATE SET carrier = excluded.carrier, host = excluded.host, url = excluded.url, state = 'unchecked',
    failures = 0, detail = '', of_another = false, checked_at = NULL, next_check_at = excluded.next_check_at
WHERE tracking_link.url <> excluded.url
"""
_CLAIM = """
WITH due AS (
    SELECT parcel_id, row_number() OVER (PARTITION BY host ORDER BY next_check_at, parcel_id) AS place
    FROM (SELECT parcel_id, host, next_check_at FROM tracking_link WHERE next_check_at <= %(now)s
          ORDER BY next_check_at LIMIT 1000) AS first
), free AS (
    SELECT l.parcel_id FROM tracking_link l JOIN due USING (parcel_id)
    WHERE due.place <= %(a_pass)s AND l.next_check_at <= %(now)s FOR UPDATE OF l SKIP LOCKED
)
UPDATE tracking_link l SET next_check_at = %(lease)s FROM free WHERE l.parcel_id = free.parcel_id
RETURNING l.parcel_id, l.order_id, l.carrier, l.url, l.state, l.failures
"""
_INHERIT = """
UPDATE tracking_link l SET state = 'alive', of_another = true, checked_at = known.checked_at, next_check_at = %(next)s,
    detail = 'another page of this carrier was there'
FROM (SELECT host, max(checked_at) AS checked_at FROM tracking_link
      WHERE state = 'alive' AND NOT of_another AND checked_at > %(fresh)s GROUP BY host) AS known
WHERE l.host = known.host AND l.state = 'unchecked' AND l.failures = 0 AND l.next_check_at <= %(now)s
"""
_NOTE = """
UPDATE tracking_link l SET checked_at = %s, state = w.state, failures = w.failures, detail = w.detail, of_another = false,
    next_check_at = CASE WHEN p.stage IN ('delivered', 'returned', 'lost') THEN NULL ELSE w.next_check_at END
FROM unnest(%b::bigint[], %b::text[], %b::text[], %b::int[], %b::timestamptz[], %b::text[])
    AS w(parcel_id, url, state, failures, next_check_at, detail)
LEFT JOIN tracking_progress p ON p.parcel_id = w.parcel_id
WHERE l.parcel_id = w.parcel_id AND l.url = w.url
RETURNING l.parcel_id, l.next_check_at IS NULL
"""
