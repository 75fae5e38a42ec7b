"""Jobs that ended well are not kept for ever; what failed is."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from milepost.overview.health.commands import forget_jobs

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)


def a_job(status: str, ended: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status) VALUES ('q', 't', '{}', %s) RETURNING id",
            [status],
        )
        (job_id,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO procrastinate_events (job_id, type, at) VALUES (%s, %s, %s)", [job_id, status, ended]
        )
    return int(job_id)


@pytest.mark.django_db
@pytest.mark.clause("OPS-1")
def test_only_old_jobs_that_ended_well_are_forgotten() -> None:
    old, new, failed = (
        a_job("succeeded", NOW - timedelta(days=9)),
        a_job("succeeded", NOW),
        a_job("failed", NOW - timedelta(days=9)),
    )
    assert forget_jobs(NOW - timedelta(days=3)) == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM procrastinate_jobs WHERE id = ANY(%s)", [[old, new, failed]])
        assert {job_id for (job_id,) in cursor.fetchall()} == {new, failed}
