"""Search by words: the planner is told to read the indexes of words, whatever it thinks of limits (decision 0012)."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

_SET = """
SELECT set_config('enable_seqscan', %s, true), set_config('enable_indexscan', %s, true),
    set_config('pg_trgm.word_similarity_threshold', %s, true)
"""
USUAL = "0.6"


@contextmanager
def by_words(alike: str) -> Iterator[None]:
    """Within the block, words are alike from this likeness on, and a statement with a limit does not read a whole table in hope.

    How often a word occurs the planner cannot know, so it takes the first of many where there are none. Two statements.
    """
    with transaction.atomic():
        _set("off", alike)
        yield
        _set("on", USUAL)


def _set(scans: str, alike: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SET, [scans, scans, alike])
