"""Reads of scheduled jobs, which procrastinate keeps; each says how many statements it takes."""

from datetime import datetime, timedelta

from django.db import connection

from milepost.overview.health.words import FailedJob, Schedule, Workers


def workers(now: datetime) -> Workers:
    """Who does what the clock starts. One statement: a row for each worker."""
    with connection.cursor() as cursor:
        cursor.execute(_WORKERS, [now - SILENT_AFTER])
        count, seen_at = cursor.fetchone()
        return Workers(count=count, seen_at=seen_at)


SILENT_AFTER = timedelta(minutes=1)
_WORKERS = "SELECT count(*) FILTER (WHERE last_heartbeat >= %s), max(last_heartbeat) FROM procrastinate_workers"


def failed_jobs(*, limit: int = 50) -> list[FailedJob]:
    """Jobs that failed, the latest first. One statement on its index."""
    with connection.cursor() as cursor:
        cursor.execute(_FAILED, [limit])
        return [
            FailedJob(id=number, name=_short(task), attempts=attempts, failed_at=at)
            for number, task, attempts, at in cursor.fetchall()
        ]


def count_failed() -> int:
    """How many jobs failed and were not started again. One statement on its index."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
        (count,) = cursor.fetchone()
        return int(count)


def schedules() -> list[Schedule]:
    """What the clock starts, by name, with what became of it last. One statement: a row for each job, however often it ran."""
    with connection.cursor() as cursor:
        cursor.execute(_SCHEDULES)
        return [
            Schedule(name=_short(task), due_at=due_at, state=state or "", ended_at=ended_at)
            for task, due_at, state, ended_at in cursor.fetchall()
        ]


def _short(task: str) -> str:
    return task.rpartition(".")[2]


_FAILED = """
SELECT j.id, j.task_name, j.attempts, (SELECT max(at) FROM procrastinate_events e WHERE e.job_id = j.id)
FROM procrastinate_jobs j WHERE j.status = 'failed' ORDER BY j.id DESC LIMIT %s
"""

_SCHEDULES = """
SELECT d.task_name, to_timestamp(d.defer_timestamp), j.status::text,
    (SELECT max(e.at) FROM procrastinate_events e
        WHERE e.job_id = j.id AND e.type IN ('succeeded', 'failed', 'aborted', 'cancelled'))
FROM procrastinate_periodic_defers d LEFT JOIN procrastinate_jobs j ON j.id = d.job_id
WHERE d.defer_timestamp IS NOT NULL ORDER BY d.task_name, d.defer_timestamp
"""
