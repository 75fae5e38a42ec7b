"""Workers are killed at random instants while they send: no message is lost, none arrives twice."""

import os
import random
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

import psycopg
import pytest

from bench.fire import accepted, mail_server, program

HERE = Path(__file__).parent
NOTICES, KILLS = 400, 20  # at least so many notices; more are planned while fewer workers were killed
PLAN = """
INSERT INTO notices_notice (id, filed_at, order_id, template, milestone, audience, recipient_key, channel, language, rank,
    lasting, because, data, state, reason, due_at, planned_at, trace, attempts, failures)
SELECT gen_random_uuid(), now(), n, 'receipt_note', 'received', 'customer', 'customer:' || n, 'email', 'en', 0, true,
    'OrderReceived', '{}', 'planned', '', now(), now(), '[]', 0, 0
FROM generate_series(%s::int + 1, %s::int + %s::int) n
"""


def born(nursery: subprocess.Popen[str]) -> int:
    nursery.stdin.write("another\n")
    nursery.stdin.flush()
    return int(nursery.stdout.readline())


def at_work(database: psycopg.Connection) -> int:
    return len(database.execute("SELECT 1 FROM notices_notice WHERE state IN ('planned', 'sending')").fetchall())


def drain_under_fire(url: str, *chosen: str) -> int:
    """Two workers, again and again one of them killed at work, until all is sent or in doubt; says how many were planned."""
    chance = random.Random(7)
    planned, killed, deadline = 0, 0, time.monotonic() + 120
    with psycopg.connect(url, autocommit=True) as database, program(
        str(HERE / "notices_worker.py"), *chosen, DATABASE_URL=url
    ) as nursery:  # fmt: skip
        assert nursery.stdout.readline() == "ready\n"
        workers = [born(nursery), born(nursery)]
        while at_work(database) or killed < KILLS:
            assert time.monotonic() < deadline, "the outbox is not drained"
            if killed < KILLS and at_work(database) < NOTICES // 4:
                database.execute(PLAN, [planned, planned, NOTICES])
                planned += NOTICES
            time.sleep(chance.uniform(0.02, 0.25))
            if killed < KILLS:
                os.kill(workers.pop(0), signal.SIGKILL)
                workers.append(born(nursery))
                killed += 1
    return planned


def states(database: psycopg.Connection) -> dict[str, str]:
    return dict(database.execute("SELECT replace(id::text, '-', ''), state FROM notices_notice").fetchall())


def sent_facts(database: psycopg.Connection) -> Counter[str]:
    rows = database.execute("SELECT replace(data->>'notice_id', '-', '') FROM journal_entry WHERE kind = 'NoticeSent'")
    return Counter(key for (key,) in rows.fetchall())


@pytest.mark.fault
@pytest.mark.clause("NTF-1")
def test_killed_workers_lose_no_mail_and_send_none_twice(fresh_database: str, tmp_path: Path):
    log = tmp_path / "accepted"
    with mail_server(log) as address:
        planned = drain_under_fire(fresh_database, "smtp", address)
    arrived = accepted(log)
    with psycopg.connect(fresh_database) as database:
        known, facts = states(database), sent_facts(database)
        lapsed = database.execute("SELECT count(*) FROM notices_attempt WHERE result = 'lapsed'").fetchone()[0]
        duties = {
            subject.replace("-", "")
            for (subject,) in database.execute(
                "SELECT subject_id FROM duties_duty WHERE kind = 'check_notice' AND closed_at IS NULL"
            )
        }
    sent = {key for key, state in known.items() if state == "sent"}
    unknown = {key for key, state in known.items() if state == "unknown"}
    assert lapsed > 0, "the kills missed the work"
    assert len(known) == len(sent) + len(unknown) == planned
    assert max(arrived.values()) == 1
    assert sent <= arrived.keys() <= sent | unknown
    assert duties == unknown
    assert len(unknown) <= 4 * KILLS
    assert facts == Counter(sent)


@pytest.mark.fault
@pytest.mark.clause("NTF-1")
def test_where_the_mailbox_can_be_asked_every_message_ends_as_sent_once(fresh_database: str):
    planned = drain_under_fire(fresh_database, "mailbox")
    with psycopg.connect(fresh_database) as database:
        known, facts = states(database), sent_facts(database)
        kept = {key for (key,) in database.execute("SELECT reference FROM notices_mailbox_message")}
        asked = Counter(
            result
            for (result,) in database.execute("SELECT result FROM notices_attempt WHERE detail LIKE '%%reference'")
        )
    assert len(known) == planned
    assert min(asked["sent"], asked["lapsed"]) > 0, "the kills missed both sides of the keeping"
    assert set(known.values()) == {"sent"}
    assert kept == known.keys()
    assert facts == Counter(known.keys())
