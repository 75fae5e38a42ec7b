"""`milepost audit`: looks whether the books agree with each other, says where they do not, and repairs what it can."""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING

from milepost.faces.cli import Commands

if TYPE_CHECKING:
    from milepost.overview.records.words import Breach

TOLD = 20


def add(commands: Commands) -> None:
    parser = commands.add_parser(
        "audit",
        help="check that no order is forgotten, no message missing or doubled, no stock oversold, no fact changed",
    )
    parser.add_argument(
        "part", nargs="?", choices=["notices"],
        help="notices: only what is told and what it rests upon (messages, trackers, links)",
    )  # fmt: skip
    parser.add_argument("--repair", action="store_true", help="with notices: repair what can be repaired by itself")
    parser.add_argument(
        "--all", action="store_true", help=f"print every breach, not only the first {TOLD} of each rule"
    )
    parser.set_defaults(run=audit)


def audit(asked: argparse.Namespace) -> int:
    """Print each breach as a sentence below its rule; 1 when there is any left, 2 for what cannot be asked."""
    from milepost.overview.records import commands, queries

    only_notices = asked.part == "notices"
    if asked.repair and not only_notices:
        print("Only what is told can be repaired by itself: milepost audit notices --repair")
        return 2
    now = datetime.now(UTC)
    if only_notices:
        breaches, done = commands.audit_notices(act=commands.seen_at(now), repairing=asked.repair)
        for rule, count in done.items():
            print(f"Seen to: {rule} ({count})")
    else:
        breaches = queries.audit(now)
    for rule, several in groupby(breaches, key=lambda breach: breach.rule):
        _tell(rule, list(several), None if asked.all else TOLD)
    rules = queries.rules(only_notices=only_notices)
    broken = len({breach.rule for breach in breaches})
    print(f"{broken} of {len(rules)} rules are broken." if broken else f"All {len(rules)} rules hold.")
    return 1 if broken else 0


def _tell(rule: str, breaches: "Sequence[Breach]", most: int | None) -> None:
    print(f"Broken: {rule} ({len(breaches)})")
    for breach in breaches[:most]:
        print(f"  {breach.says}")
    if most is not None and len(breaches) > most:
        print(f"  … and {len(breaches) - most} more (see them with --all)")
