"""Reads of the records office: the audit of all books against each other (NTF-4, RECD-2)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from milepost.ground.journal import queries as journal
from milepost.overview.records.audits import CHECKS, OF_NOTICES
from milepost.overview.records.audits.notices import ANNOUNCED, unannounced
from milepost.overview.records.words import Breach, Check


def audit(now: datetime, *, only_notices: bool = False) -> list[Breach]:
    """Every place where a rule of the house is broken; an empty list is a clean house. `only_notices`: what is told, and what it
    rests upon.

    All statements see the database as it was at one instant, so the house may go on working meanwhile. One statement a
    rule, and one pass over the journal for its chains.
    """
    alone = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if alone:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        checks = OF_NOTICES if only_notices else CHECKS
        breaches = [breach for check in checks for breach in _breaches(cursor, check, now)]
        return [*breaches, *unannounced(cursor), *(() if only_notices else _broken_chains())]


def rules(*, only_notices: bool = False) -> list[str]:
    """The names of all rules that the audit looks at."""
    if only_notices:
        return [*(check.rule for check in OF_NOTICES), ANNOUNCED]
    return [*(check.rule for check in CHECKS), ANNOUNCED, "chains hold"]


def _breaches(cursor: Any, check: Check, now: datetime) -> Iterator[Breach]:
    cursor.execute(check.finds, {"now": now} if "%(now)s" in check.finds else None)
    names = [column.name for column in cursor.description]
    for row in cursor.fetchall():
        found = dict(zip(names, row, strict=True))
        yield Breach(rule=check.rule, says=check.says.format_map(found), order_id=found.get("order_id"), about=found)


def _broken_chains() -> Iterator[Breach]:
    for found in journal.breaks():
        yield Breach(
            rule="chains hold",
            says=f"Entry {found.sequence} of {found.stream} {found.stream_id} {found.why}.",
            order_id=found.stream_id if found.stream == "order" else None,
        )
