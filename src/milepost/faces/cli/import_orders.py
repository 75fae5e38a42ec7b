"""`milepost import orders FILE`: the same files as on the desk, with progress."""

import argparse
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from milepost.faces.cli import Commands
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused

if TYPE_CHECKING:
    from milepost.way.intake.words import OrderSheet

AT_ONCE = 250
BAR = 30


def add(commands: Commands) -> None:
    """Add `import orders`."""
    importing = commands.add_parser("import", help="read orders from a file")
    what = importing.add_subparsers(title="what", metavar="WHAT", required=True)
    orders = what.add_parser(
        "orders",
        help="CSV, a workbook, X12 850, EDIFACT ORDERS or UBL; the form is found by its looks",
    )
    orders.add_argument("file", type=Path, metavar="FILE")
    orders.add_argument(
        "--sender", default="", metavar="NAME", help="whose file it is; columns are remembered by sender"
    )
    orders.add_argument("--check", action="store_true", help="only say what would be refused")
    orders.add_argument("--skip-refused", action="store_true", help="import the other orders when some are refused")
    orders.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """0: all orders were placed (or would be); 1: something was refused; 2: there is no such file."""
    from milepost.way.intake import commands, documents

    try:
        body = asked.file.read_bytes()
    except OSError as error:
        print(f"{asked.file} cannot be read: {error.strerror}.", file=sys.stderr)
        return 2
    try:
        file = commands.keep_file(body, name=asked.file.name, sender=asked.sender, act=_act())
    except Refused as refused:
        _tell(f"line {one.index or 0}: {one.sentence} {one.next_step}".rstrip() for one in refused.refusals)
        return 1
    sheet, refused_rows = documents.foretold(file.id, now=datetime.now(UTC))
    _tell(f"line {row.line}, {row.field or 'row'}: {row.sentence} {row.next_step}".rstrip() for row in refused_rows)
    if sheet.is_to_be_mapped:
        _tell(_columns(sheet))
        return 1
    orders = file.orders - len({row.order for row in refused_rows if row.order})
    if asked.check or (refused_rows and not asked.skip_refused):
        print(f"{orders} orders can be imported, {len(refused_rows)} lines are refused. Nothing was imported.")
        if refused_rows and not asked.check:
            print("Correct the file, or import the others with --skip-refused.", file=sys.stderr)
        return 1 if refused_rows else 0
    while file.finished_at is None:
        file = commands.take_in(file.id, limit=AT_ONCE, act=_act())
        _progress(file.done, file.orders)
    print(f"{file.placed} of {file.orders} orders were placed, {len(file.refused)} lines refused.")
    return 1 if file.refused else 0


def _columns(sheet: "OrderSheet") -> Iterable[str]:
    """Their columns beside ours, and where to say what they mean."""
    yield "Columns of the file:"
    for one in sheet.headings:
        yield f"  {one.text}: {one.means or ' or '.join(one.maybe) or '?'}"
    yield "Say once on the desk's import page what they mean; it is remembered for the sender given with --sender."


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
