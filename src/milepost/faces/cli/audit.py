"""`milepost audit`: looks whether the books agree with each other, and says where they do not."""

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
        "--all", action="store_true", help=f"print every breach, not only the first {TOLD} of each rule"
    )
    parser.set_defaults(run=audit)


def audit(asked: argparse.Namespace) -> int:
    """Print each breach as a sentence below its rule; 1 when there is any."""
    from milepost.overview.records import queries

    breaches = queries.audit(datetime.now(UTC))
    for rule, several in groupby(breaches, key=lambda breach: breach.rule):
        _tell(rule, list(several), None if asked.all else TOLD)
    rules = queries.rules()
    broken = len({breach.rule for breach in breaches})
    print(f"{broken} of {len(rules)} rules are broken." if broken else f"All {len(rules)} rules hold.")
    return 1 if broken else 0


def _tell(rule: str, breaches: "Sequence[Breach]", most: int | None) -> None:
    print(f"Broken: {rule} ({len(breaches)})")
    for breach in breaches[:most]:
        print(f"  {breach.says}")
    if most is not None and len(breaches) > most:
        print(f"  … and {len(breaches) - most} more (see them with --all)")
