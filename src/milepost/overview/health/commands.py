"""Verbs of health."""

from datetime import datetime

from django.db import IntegrityError, connection, transaction

from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal, Refused

NO_JOB = Refusal(code="no_job", says="There is no such job.", do="Look at the list.", status=404)
NOT_FAILED = Refusal(
    code="job_not_failed",
    says="This job is not among those that failed.",
    do="Look at the list as it is now.",
    status=409,
)
PLANNED = Refusal(
    code="job_planned", says="The next run of this job is planned already.",
    do="Wait for it: it does the work of this one too.", status=409,
)  # fmt: skip


def retry_job(job_id: int, *, act: Act) -> None:
    """Start a job that failed once more, now. Two statements. Refuses `no_job`, `job_not_failed`, `job_planned`."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK, [job_id])
        found = cursor.fetchone()
        if found is None:
            raise Refused(NO_JOB)
        if found != ("failed",):
            raise Refused(NOT_FAILED)
        try:
            cursor.execute("SELECT procrastinate_retry_job_v2(%s, %s, NULL, NULL, NULL)", [job_id, act.at])
        except IntegrityError as planned:
            raise Refused(PLANNED) from planned


_LOCK = "SELECT status::text FROM procrastinate_jobs WHERE id = %s FOR UPDATE"


def forget_jobs(before: datetime, *, limit: int = 10_000) -> int:
    """Remove jobs that ended well before that instant; return how many. What failed stays until it is seen to. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [before, limit])
        return int(cursor.rowcount)


_FORGET = """
DELETE FROM procrastinate_jobs WHERE status = 'succeeded' AND id IN (
    SELECT e.job_id FROM procrastinate_events e WHERE e.type = 'succeeded' AND e.at < %s LIMIT %s)
"""
