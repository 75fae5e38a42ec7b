"""`milepost import orders FILE`: the same files as on the desk, with progress."""

import argparse
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from milepost.faces.cli import Commands
from milepost.kernel.acts import Act

AT_ONCE = 250
BAR = 30


def add(commands: Commands) -> None:
    """Add `import orders`."""
    importing = commands.add_parser("import", help="read orders from a file")
    what = importing.add_subparsers(title="what", metavar="WHAT", required=True)
    orders = what.add_parser(
        "orders", help="a CSV file, one row for each line of an order; the desk's import page lists its columns"
    )
    orders.add_argument("file", type=Path, metavar="FILE")
    orders.add_argument("--check", action="store_true", help="only say what would be refused")
    orders.add_argument("--skip-refused", action="store_true", help="import the other orders when some are refused")
    orders.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """0: all orders were placed (or would be); 1: something was refused; 2: there is no such file."""
    from milepost.way.intake import commands, queries

    try:
        body = asked.file.read_bytes()
    except OSError as error:
        print(f"{asked.file} cannot be read: {error.strerror}.", file=sys.stderr)
        return 2
    file = commands.keep_file(body, name=asked.file.name, act=_act())
    refused = queries.foretold(file.id, now=datetime.now(UTC))[1]
    _tell(f"line {row.line}, {row.field or 'row'}: {row.sentence} {row.next_step}".rstrip() for row in refused)
    orders = file.orders - len({row.order for row in refused if row.order})
    if asked.check or (refused and not asked.skip_refused):
        print(f"{orders} orders can be imported, {len(refused)} lines are refused. Nothing was imported.")
        if refused and not asked.check:
            print("Correct the file, or import the others with --skip-refused.", file=sys.stderr)
        return 1 if refused else 0
    while file.finished_at is None:
        file = commands.take_in(file.id, limit=AT_ONCE, act=_act())
        _progress(file.done, file.orders)
    print(f"{file.placed} of {file.orders} orders were placed, {len(file.refused)} lines refused.")
    return 1 if file.refused else 0


def _act() -> Act:
    return Act.now("system:command", channel="file", now=datetime.now(UTC))


def _tell(lines: Iterable[str]) -> None:
    for line in lines:
        print(line, file=sys.stderr)


def _progress(done: int, of: int) -> None:
    """A bar that grows where somebody watches; elsewhere nothing."""
    if sys.stderr.isatty():
        filled = done * BAR // max(of, 1)
        end = "\n" if done >= of else ""
        print(f"\r[{'#' * filled}{'.' * (BAR - filled)}] {done} of {of}", end=end, file=sys.stderr, flush=True)
