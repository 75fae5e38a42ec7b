"""Ask carriers that do not report by themselves: who is due, what they answered, when to ask again (TRK-2, FUP-1).

The call itself happens between `take_due` and `note_answer`, outside of any transaction, so that no lock waits for a network.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import connection

from milepost.ground import journal
from milepost.ground.arrivals import commands as arrivals
from milepost.ground.duties.commands import close_duties, open_duties
from milepost.ground.duties.words import Subject, Wanted
from milepost.ground.procedures.queries import book
from milepost.ground.procedures.words import PollingPolicy
from milepost.kernel.acts import Act
from milepost.kernel.columns import columns
from milepost.kernel.texts import printable
from milepost.way.fulfilment import queries as fulfilment
from milepost.way.fulfilment.words import ParcelCard
from milepost.way.tracking import polling, ports
from milepost.way.tracking.models import ParcelProgress, Poll, PollerSpent
from milepost.way.tracking.polling import OPEN, Asked, Polled, Spent, Verdict

POLLER = "carrier_poller"
ALARM = "it_repair"


def watch(parcel_ids: Sequence[int], *, act: Act) -> int:
    """Have carriers asked about these parcels, which were handed over; return how many somebody asks about. Two statements.

    Nothing at all where nobody is asked for any carrier.
    """
    known = [(poller.name, poller.carriers) for poller in ports.pollers().values()]
    if not known or not parcel_ids:
        return 0
    rows = [
        _row(card, card.shipped_at, polling.whose(card.carrier, known) if card.tracking_number else "", act)
        for card in fulfilment.parcels_named(parcel_ids=parcel_ids)
        if card.shipped_at is not None
    ]
    Poll.objects.bulk_create(rows, ignore_conflicts=True)
    return sum(1 for row in rows if row.poller)


def _row(card: ParcelCard, shipped_at: datetime, poller: str, act: Act) -> Poll:
    return Poll(
        parcel_id=card.id, order_id=card.order_id, carrier=card.carrier, tracking_number=card.tracking_number,
        shipped_at=shipped_at, poller=poller, next_poll_at=act.at if poller else None,
    )  # fmt: skip


def catch_up(*, act: Act, limit: int = 1000) -> int:
    """Take in parcels under way that nobody was told to ask about, as those handed over before there were credentials.

    Return how many; call again until none. At most four statements.
    """
    if not ports.pollers():
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_NOT_ASKED, [limit])
        missing = [parcel_id for (parcel_id,) in cursor.fetchall()]
    watch(missing, act=act)
    return len(missing) if missing else _adopt(limit, act)


_NOT_ASKED = """
SELECT p.parcel_id FROM tracking_progress p
WHERE p.stage NOT IN ('delivered', 'returned') AND NOT EXISTS (SELECT FROM tracking_poll w WHERE w.parcel_id = p.parcel_id)
LIMIT %s
"""


def _adopt(limit: int, act: Act) -> int:
    """Parcels whose carrier nobody asked, and somebody does now."""
    known = [(poller.name, poller.carriers) for poller in ports.pollers().values()]
    carriers = Poll.objects.filter(poller="").exclude(tracking_number="").values_list("carrier", flat=True).distinct()
    served = {carrier: polling.whose(carrier, known) for carrier in carriers}
    wanted = [(carrier, poller) for carrier, poller in served.items() if poller]
    if not wanted:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_ADOPT, [*columns(wanted), limit, act.at])
        return int(cursor.rowcount)


_ADOPT = """
WITH served AS (SELECT * FROM unnest(%b::text[], %b::text[]) AS s(carrier, poller)),
due AS (
    SELECT w.parcel_id, s.poller FROM tracking_poll w JOIN served s ON s.carrier = w.carrier
    WHERE w.poller = '' AND w.tracking_number <> '' LIMIT %s FOR UPDATE OF w SKIP LOCKED
)
UPDATE tracking_poll w SET poller = due.poller, next_poll_at = %s FROM due WHERE w.parcel_id = due.parcel_id
"""


def keep_pace(parcel_ids: Sequence[int], *, act: Act) -> None:
    """These parcels came to another stage: they are asked about no later than is usual there, and those that arrived once more
    only; one that turns out not to have arrived is asked about again. Two statements, or none where nobody is asked.
    """
    if not ports.pollers() or not parcel_ids:
        return
    policy = book().polling
    rows = [
        (row.parcel_id, _next(policy, row, row.since_at or act.at, act), row.stage in polling.OVER)
        for row in ParcelProgress.objects.filter(parcel_id__in=parcel_ids)
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_PACE, columns(rows))


_PACE = """
UPDATE tracking_poll w SET next_poll_at = CASE WHEN n.is_over THEN n.at ELSE least(w.next_poll_at, n.at) END
FROM unnest(%b::bigint[], %b::timestamptz[], %b::bool[]) AS n(parcel_id, at, is_over)
WHERE w.parcel_id = n.parcel_id AND w.poller <> ''
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """Parcels that are to be asked about in one call."""

    poller: str
    asked: tuple[Asked, ...]


def take_due(name: str, *, act: Act) -> list[Taken]:
    """Take the parcels that are due with a poller, as many calls as its budget allows now, those first that wait longest for
    what is usual in their stage. Others cannot take them until they are noted or the lease is over. At most four statements.
    """
    poller = ports.pollers()[name]
    with journal.together():
        spent = _locked(name, act)
        if spent is None:
            return []
        calls = polling.allowance(_spent(spent), book().polling.budget(name), act.at)
        due = _due(name, calls * poller.at_once, act) if calls else []
        batches = [tuple(due[start : start + poller.at_once]) for start in range(0, len(due), poller.at_once)]
        if batches:
            _spend(spent, len(batches), act)
    return [Taken(name, batch) for batch in batches]


def _locked(name: str, act: Act) -> PollerSpent | None:
    """The row of a poller, locked; None while another worker has it."""
    row = PollerSpent.objects.select_for_update(skip_locked=True).filter(name=name).first()
    if row is None and not PollerSpent.objects.filter(name=name).exists():
        PollerSpent.objects.bulk_create([PollerSpent(name=name, hour=act.at, day=act.at)], ignore_conflicts=True)
        row = PollerSpent.objects.select_for_update(skip_locked=True).filter(name=name).first()
    return row


def _spent(row: PollerSpent) -> Spent:
    return Spent(row.hour, row.day, row.in_hour, row.in_day, row.closed_until, row.failures)


def _spend(row: PollerSpent, calls: int, act: Act) -> None:
    known = _spent(row).at(act.at)
    row.hour, row.day = known.hour, known.day
    row.in_hour, row.in_day = known.in_hour + calls, known.in_day + calls
    row.save(update_fields=["hour", "day", "in_hour", "in_day"])


def _due(name: str, most: int, act: Act) -> list[Asked]:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [name, act.at, act.at, most, act.at + polling.LEASE])
        rows = sorted(cursor.fetchall())
    return [Asked(number=number, shipped_at=at, parcel_id=parcel_id) for parcel_id, number, at in rows]


_TAKE = """
WITH due AS (
    SELECT parcel_id FROM tracking_poll WHERE poller = %s AND next_poll_at <= %s
    ORDER BY extract(epoch FROM %s - next_poll_at) / every_seconds DESC, parcel_id LIMIT %s FOR UPDATE SKIP LOCKED
)
UPDATE tracking_poll w SET next_poll_at = %s FROM due WHERE w.parcel_id = due.parcel_id
RETURNING w.parcel_id, w.tracking_number, w.shipped_at
"""


def note_answer(taken: Taken, polled: Polled, *, act: Act) -> None:
    """What came of one call: an answer is kept byte for byte and worked on from the store, and the parcels get their next look.

    The same answer again is not kept again. A system that is away, or will not let us in, is left alone for a while; after
    several failures in a row, or at once when it locks us out, it is IT's duty until it works again.
    """
    policy = book().polling
    with journal.together():
        if polled.verdict is Verdict.ANSWERED:
            _keep(taken, polled, act)
        _plan_next(taken, polled, policy, act)
        _note_poller(taken.poller, polled, policy, act)


def _keep(taken: Taken, polled: Polled, act: Act) -> None:
    numbers = [one.number for one in taken.asked]
    said = polled.fingerprint or sha256(polled.body).hexdigest()
    arrivals.keep(
        taken.poller, sender=f"asked:{taken.poller}", content_type=polled.content_type, body=polled.body, topic="polled",
        headers={polling.ASKED_FOR: numbers[0]} if len(numbers) == 1 else {}, delivery_id=f"{','.join(numbers)}:{said}", act=act,
        about=numbers[0] if len(numbers) == 1 else "",
    )  # fmt: skip


def _plan_next(taken: Taken, polled: Polled, policy: PollingPolicy, act: Act) -> None:
    """One read, one write: the next look of each parcel. What nobody answered about is asked again as soon as the system may be."""
    longest: timedelta | None = getattr(ports.pollers().get(taken.poller), "longest_wait", None)
    answered = polled.verdict in OPEN or polled.verdict is Verdict.REFUSED
    stages = {
        row.parcel_id: row for row in ParcelProgress.objects.filter(parcel_id__in=[a.parcel_id for a in taken.asked])
    }
    rows = []
    for one in taken.asked:
        row = stages.get(one.parcel_id)
        at = act.at if not answered or row is None else _next(policy, row, one.shipped_at, act)
        if at is not None and longest is not None:
            at = min(at, act.at + longest)
        elif answered and polled.verdict is not Verdict.ANSWERED and at is not None:
            at = max(at, act.at + polling.NOT_KNOWN_YET)
        every = max(60, int((at - act.at).total_seconds())) if at is not None and answered else 0
        rows.append((one.parcel_id, at, every, answered, polled.verdict is Verdict.ANSWERED))
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [act.at, *columns(rows)])


def _next(policy: PollingPolicy, row: ParcelProgress, shipped_at: datetime, act: Act) -> datetime | None:
    heard_at = row.last_event_at or shipped_at
    return polling.next_look(policy, row.stage, heard_at=heard_at, delivered_at=row.delivered_at, now=act.at)


_NOTE = """
UPDATE tracking_poll w SET next_poll_at = n.at, polled_at = CASE WHEN n.answered THEN %s ELSE w.polled_at END,
    every_seconds = CASE WHEN n.every > 0 THEN n.every ELSE w.every_seconds END,
    unanswered = CASE WHEN n.known THEN 0 WHEN n.answered THEN least(w.unanswered + 1, 32000) ELSE w.unanswered END
FROM unnest(%b::bigint[], %b::timestamptz[], %b::int[], %b::bool[], %b::bool[]) AS n(parcel_id, at, every, answered, known)
WHERE w.parcel_id = n.parcel_id
"""


def _note_poller(name: str, polled: Polled, policy: PollingPolicy, act: Act) -> None:
    row = PollerSpent.objects.select_for_update().get(name=name)
    subject = Subject(POLLER, name)
    if polled.verdict in OPEN:
        if row.failures:
            close_duties([ALARM], subjects=[subject], outcome="answers again", act=act)
            row.failures, row.closed_until, row.says = 0, None, ""
            row.save(update_fields=["failures", "closed_until", "says"])
        return
    row.failures += 1
    if polled.verdict is not Verdict.REFUSED:
        row.closed_until = act.at + polling.pause_after(row.failures, polled.retry_after)
    row.says = printable(polled.says or polled.verdict, 300)
    row.save(update_fields=["failures", "closed_until", "says"])
    if row.failures == policy.alarm_after or polled.verdict is Verdict.LOCKED_OUT:
        open_duties([_alarm(row, polled)], act=act)


def _alarm(row: PollerSpent, polled: Polled) -> Wanted:
    return Wanted(
        kind=ALARM, subject_kind=POLLER, subject_id=row.name,
        data={"carrier": row.name, "verdict": polled.verdict.value, "status": polled.status, "failures": row.failures},
        says=printable(
            f"{row.name} cannot be asked about parcels: {row.says} Look at its credentials and its state; it is tried again.", 500
        ),
    )  # fmt: skip
