"""Health on the desk: each number with what is behind it, and having done again what failed."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from milepost.faces.desk.tests.conftest import SignedIn, now
from milepost.ground.arrivals import commands as arrivals
from milepost.ground.arrivals import ports
from milepost.ground.arrivals import queries as kept
from milepost.ground.arrivals.words import ArrivalCard, Outcome, State
from milepost.ground.duties import commands as duties
from milepost.ground.duties.words import Wanted
from milepost.ground.notices import outboxes
from milepost.ground.notices.commands import plan
from milepost.ground.notices.models import Attempt, Notice, NoticeReceipt, SenderHealth
from milepost.ground.notices.tests.acting import wanted
from milepost.kernel.acts import Act
from milepost.kernel.ids import new_id
from milepost.kernel.refusals import Refusal, Refused
from milepost.overview.health import jobs
from milepost.way.orders import queries as orders
from milepost.way.tracking import pollers
from milepost.way.tracking.models import Poll, PollerSpent, TrackingLink

pytestmark = [pytest.mark.django_db, pytest.mark.clause("OPS-1")]
PAGE = "/desk/health/"
NONSENSE = Refusal(code="nonsense", says="This says nothing.", do="Ask the sender.")


@pytest.fixture
def ivo(signed_in: SignedIn) -> Client:
    """Ivo of IT support."""
    return signed_in("it_support", name="Ivo")


@pytest.fixture
def ida(signed_in: SignedIn) -> Client:
    """Ida, the auditor, who repairs nothing."""
    return signed_in("auditor", name="Ida")


class Pigeon:
    """A peer whose messages make no sense until somebody has put right what was wrong."""

    broken = True

    def __call__(self, arrived: Sequence[ArrivalCard], act: Act) -> Sequence[Outcome]:
        if self.broken:
            raise Refused(NONSENSE)
        return [Outcome(state=State.PROCESSED) for _ in arrived]


@pytest.fixture
def pigeon() -> Iterator[Pigeon]:
    one = Pigeon()
    ports.handle("pigeon", one, repair=ports.REPAIR_BY_IT)
    yield one
    ports._sources.pop("pigeon")


def refused(count: int = 1) -> list[UUID]:
    """So many messages of the pigeon, all refused."""
    ids = [
        arrivals.keep(
            "pigeon", sender="loft", content_type="text/plain", headers={}, body=b"<script>coo %d</script>" % n, act=now()
        ).id
        for n in range(count)
    ]  # fmt: skip
    arrivals.process_due(act=now())
    return ids


def told(order_id: int, state: str, *, channel: str = "email", due: timedelta = -timedelta(hours=3)) -> UUID:
    """A notice of the order that stands so."""
    at = orders.contacts([order_id])[order_id].received_at
    plan([wanted(order_id, filed_at=at, milestone=str(uuid4()), channel=channel, lasting=True)], act=now())
    row = Notice.objects.filter(order_id=order_id).order_by("-id")[0]
    changes: dict[str, Any] = {"state": state, "due_at": datetime.now(UTC) + due}
    if state in {"failed", "unknown"}:
        changes |= {"due_at": None, "reason": "gave_up"}
    Notice.objects.filter(id=row.id).update(**changes)
    return row.id


def failed_job(task: str = "milepost.config.jobs.check_links", lock: str = "check_links") -> int:
    """A job that ran and failed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, queueing_lock, attempts)"
            " VALUES ('default', %s, 'failed', %s, 1) RETURNING id",
            [task, lock],
        )
        (number,) = cursor.fetchone()
        return int(number)


def state_of(job_id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs WHERE id = %s", [job_id])
        return str(cursor.fetchone()[0])


@pytest.fixture
def order_id(reference: str) -> int:
    number = orders.find(reference)
    assert number is not None
    Notice.objects.all().delete()
    return number


def test_a_house_at_rest_says_so(ivo: Client) -> None:
    page = ivo.get(PAGE).text
    for said in (
        "Nothing waits, and nothing is in trouble", "No sender is watched yet", "No SMS was sent", "All that came was worked on",
        "No carrier is asked", "was found alive", "No job has failed", "Nothing is to be repaired", "has not run yet",
    ):  # fmt: skip
        assert said in page


def test_each_channel_shows_what_waits_and_leads_to_the_very_messages(
    ivo: Client, order_id: int, reference: str
) -> None:
    told(order_id, "planned")
    told(order_id, "planned", due=timedelta(hours=5))
    told(order_id, "failed", channel="sms")
    by_channel = {one.channel: one for one in outboxes.outboxes(datetime.now(UTC))}
    assert (by_channel["email"].due, by_channel["email"].later, by_channel["email"].failed) == (1, 1, 0)
    assert (by_channel["sms"].due, by_channel["sms"].failed, by_channel["sms"].oldest_due_at) == (0, 1, None)
    page = ivo.get(PAGE).text
    assert "?channel=sms&amp;standing=failed" in page
    assert "?channel=email&amp;standing=failed" not in page
    behind = ivo.get(PAGE + "messages/", {"channel": "sms", "standing": "failed"}).text
    assert reference in behind
    assert "Gave up" in behind
    assert "No message of this channel" in ivo.get(PAGE + "messages/", {"channel": "sms", "standing": "due"}).text


@pytest.mark.parametrize("standing", ["due", "later", "failed"])
def test_long_lists_are_paged_and_none_is_left_out(order_id: int, standing: str) -> None:
    state = "planned" if standing in {"due", "later"} else standing
    due = timedelta(hours=3) * (1 if standing == "later" else -1)
    ids = {told(order_id, state, due=due + timedelta(minutes=n)) for n in range(5)}
    at, seen, after = datetime.now(UTC), [], None
    while rows := outboxes.behind(standing, channel="email", now=at, limit=2, after=after):
        seen += [row.id for row in rows]
        after = (rows[-1].at, rows[-1].id)
    assert len(seen) == 5
    assert set(seen) == ids


@pytest.mark.parametrize("asked", [{"channel": "smoke"}, {"standing": "x"}])
def test_a_list_that_is_not_is_not_found(ivo: Client, asked: dict[str, str]) -> None:
    assert ivo.get(PAGE + "messages/", asked).status_code == 404


def test_what_a_peer_sent_and_was_refused_is_seen_with_its_sentence_and_worked_on_again(
    ivo: Client, pigeon: Pigeon
) -> None:
    (row_id,) = refused()
    assert "?source=pigeon&amp;state=refused" in ivo.get(PAGE).text
    where = {"source": "pigeon", "state": "refused"}
    assert "This says nothing." in ivo.get(PAGE + "arrivals/", where).text
    again = ivo.post(PAGE + "arrivals/again/", {**where, "arrival": str(row_id)}, follow=True)
    assert "Still refused: 1" in again.text
    pigeon.broken = False
    again = ivo.post(PAGE + "arrivals/again/", {**where, "arrival": str(row_id)}, follow=True)
    assert "Worked on again: 1" in again.text
    row = kept.arrival(row_id)
    assert row is not None
    assert row.state == State.PROCESSED
    assert "pigeon" not in ivo.get(PAGE).text


def test_a_whole_page_is_worked_on_again_at_once(ivo: Client, pigeon: Pigeon) -> None:
    ids = refused(3)
    assert "Work on these 3 again" in ivo.get(PAGE + "arrivals/", {"source": "pigeon"}).text
    pigeon.broken = False
    ivo.post(PAGE + "arrivals/again/", {"arrival": [str(one) for one in ids]})
    assert kept.counts(source="pigeon") == {}


def test_the_original_is_a_file_byte_for_byte_and_never_a_page(ivo: Client, pigeon: Pigeon) -> None:
    (row_id,) = refused()
    answer = ivo.get(f"{PAGE}arrivals/{row_id}/original/")
    assert answer.content == b"<script>coo 0</script>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")


def test_nonsense_asked_of_the_arrivals_is_answered(ivo: Client) -> None:
    assert ivo.get(PAGE + "arrivals/", {"source": "' OR 1", "before": "x"}).status_code == 200
    assert ivo.get(PAGE + "arrivals/", {"state": "x"}).status_code == 404
    assert ivo.post(PAGE + "arrivals/again/", {"arrival": ["x", str(UUID(int=7))]}).status_code == 302


def test_a_job_that_failed_is_run_again_unless_its_next_run_is_planned(ivo: Client) -> None:
    first, second = failed_job(), failed_job()
    assert "Check links" in ivo.get(PAGE).text
    assert ivo.post(f"{PAGE}jobs/{first}/again/").status_code == 302
    assert (state_of(first), state_of(second)) == ("todo", "failed")
    answer = ivo.post(f"{PAGE}jobs/{second}/again/")
    assert answer.status_code == 409
    assert "planned already" in answer.text
    assert ivo.post(f"{PAGE}jobs/{first}/again/").status_code == 409
    assert [job.id for job in jobs.failed_jobs()] == [second]


def test_what_waits_and_what_failed_is_found_by_indexes() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + jobs._FAILED.replace("%s", "20"))
        assert "health_failed_jobs" in "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("EXPLAIN " + outboxes._COSTS.replace("%s", "now() - interval '30 days'"))
        assert "Index" in "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("EXPLAIN " + outboxes._OUTBOXES.replace("%s", "now()"))
        plan_of = "\n".join(row[0] for row in cursor.fetchall())
        assert "Seq Scan" not in plan_of


def test_the_last_audit_and_what_it_found_broken_stand_on_the_page(ivo: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status)"
            " VALUES ('default', 'milepost.config.jobs.audit_notices', 'doing') RETURNING id"
        )
        (number,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO procrastinate_periodic_defers (task_name, defer_timestamp, job_id) VALUES"
            " ('milepost.config.jobs.audit_notices', 1780000000, %s)",
            [number],
        )
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [number])
    duties.open_duties(
        [Wanted(kind="it_repair", subject_kind="audit", subject_id="told once", says="Broken: told once (2).")],
        act=now(),
    )
    (ran,) = jobs.schedules()
    assert (ran.name, ran.state, ran.ended_at is not None) == ("audit_notices", "succeeded", True)
    page = ivo.get(PAGE).text
    assert "The nightly audit ran last" in page
    assert "Broken: told once (2)." in page


def test_senders_and_what_sms_cost_stand_on_the_page(ivo: Client, order_id: int) -> None:
    at = datetime.now(UTC)
    SenderHealth.objects.create(name="down-one", health="down", since=at, tallies=[[int(at.timestamp()) // 60, 1, 9]])
    for days, segments, cost in ((1, 2, "0.15"), (2, 1, "0.075"), (40, 7, "9"), (3, 1, None)):
        begun = at - timedelta(days=days)
        Attempt.objects.create(
            notice_id=new_id(), number=1, filed_at=at, sender="twilio", began_at=begun, handed_at=begun, segments=segments,
            cost=Decimal(cost) if cost else None, currency="EUR" if cost else "",
        )  # fmt: skip
    priced = {one.currency: one for one in outboxes.sms_costs(since=at - timedelta(days=30))}
    assert (priced["EUR"].messages, priced["EUR"].segments, priced["EUR"].cost) == (2, 3, Decimal("0.225"))
    assert priced[""].unpriced == 1
    page = ivo.get(PAGE).text
    assert "down-one" in page
    assert "rests" in page
    assert "not known" in page


def test_carriers_that_are_asked_and_links_that_lead_nowhere_stand_on_the_page(
    ivo: Client, order_id: int, reference: str
) -> None:
    at = datetime.now(UTC)
    hour, day = at.replace(minute=0, second=0, microsecond=0), at.replace(hour=0, minute=0, second=0, microsecond=0)
    PollerSpent.objects.create(
        name="dhl", hour=hour, day=day, in_hour=4, in_day=9, failures=2, says="It let us not in.",
        closed_until=at + timedelta(hours=1)
    )  # fmt: skip
    PollerSpent.objects.create(
        name="gls", hour=hour - timedelta(hours=2), day=day - timedelta(days=1), in_hour=4, in_day=9
    )
    Poll.objects.create(
        parcel_id=1, order_id=order_id, poller="dhl", shipped_at=at, next_poll_at=at - timedelta(minutes=5)
    )
    Poll.objects.create(
        parcel_id=2, order_id=order_id, poller="ups", shipped_at=at, next_poll_at=at + timedelta(minutes=5)
    )
    TrackingLink.objects.create(
        parcel_id=1, order_id=order_id, carrier="DHL", host="dhl.example", url="https://dhl.example/1", state="broken",
        detail="404, its page says", checked_at=at, next_check_at=at + timedelta(hours=1),
    )  # fmt: skip
    dhl, gls, ups = pollers.pollers(at)
    assert (dhl.in_hour, dhl.in_day, dhl.parcels, dhl.due, dhl.failures) == (4, 9, 1, 1, 2)
    assert (gls.in_hour, gls.in_day, gls.parcels, gls.closed_until) == (0, 0, 0, None)
    assert (ups.name, ups.parcels, ups.due, ups.oldest_due_at) == ("ups", 1, 0, None)
    page = ivo.get(PAGE).text
    assert "It let us not in." in page
    assert "404, its page says" in page
    assert reference in page


def test_it_takes_as_many_statements_for_much_as_for_little(
    ivo: Client, pigeon: Pigeon, order_id: int, django_assert_num_queries: Any
) -> None:
    told(order_id, "failed")
    failed_job()
    refused()
    lists = (PAGE, PAGE + "messages/?channel=email&standing=failed", PAGE + "arrivals/?source=pigeon")
    few = []
    for where in lists:
        with CaptureQueriesContext(connection) as seen:
            ivo.get(where)
        few.append(len(seen))
    for _ in range(10):
        told(order_id, "failed")
        failed_job()
    refused(10)
    for where, count in zip(lists, few, strict=True):
        with django_assert_num_queries(count):
            ivo.get(where)
    assert few[0] <= 17


def test_a_worker_that_gives_no_sign_of_life_is_missed(ivo: Client) -> None:
    assert "No worker works" in ivo.get(PAGE).text
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '5 minutes')")
        assert "No worker works" in ivo.get(PAGE).text
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    assert "1 worker works" in ivo.get(PAGE).text


def test_who_only_reads_sees_no_button_and_repairs_nothing(ida: Client, pigeon: Pigeon) -> None:
    (row_id,) = refused()
    job = failed_job()
    page, listed = ida.get(PAGE), ida.get(PAGE + "arrivals/")
    assert page.status_code == listed.status_code == 200
    assert "Run again" not in page.text
    assert "Work on it again" not in listed.text
    assert ida.post(PAGE + "arrivals/again/", {"arrival": str(row_id)}).status_code == 403
    assert ida.post(f"{PAGE}jobs/{job}/again/").status_code == 403
    assert state_of(job) == "failed"


def test_the_order_page_shows_receipts_segments_and_cost_of_a_message(
    mona: Client, order_id: int, reference: str
) -> None:
    notice_id = told(order_id, "planned", channel="sms")
    row = Notice.objects.get(id=notice_id)
    at = datetime.now(UTC)
    Attempt.objects.create(
        notice_id=notice_id, number=1, filed_at=row.filed_at, sender="twilio", address="+4930", began_at=at, handed_at=at,
        ended_at=at, result="sent", segments=3, cost=Decimal("0.225"), currency="EUR",
    )  # fmt: skip
    NoticeReceipt.objects.create(
        id=new_id(), notice_id=notice_id, order_id=order_id, sender="twilio", kind="bounced", code="30003", happened_at=at,
        received_at=at,
    )  # fmt: skip
    page = mona.get(f"/desk/orders/{reference}/").text
    assert "3 segments" in page
    assert "30003" in page
    assert "Bounced" in page
