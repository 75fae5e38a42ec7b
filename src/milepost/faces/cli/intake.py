"""`milepost intake list` and `milepost intake retry`: what peers sent, what became of it, and another try after a repair."""

import argparse
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from milepost.faces.cli import Commands
from milepost.kernel.acts import Act

if TYPE_CHECKING:
    from milepost.ground.arrivals.words import ArrivalRow

STATES = ("received", "processed", "waiting", "open", "refused", "forged", "ignored")


def add(commands: Commands) -> None:
    """Add `intake list`, `intake retry` and `intake show`."""
    intake = commands.add_parser("intake", help="see and retry what was sent to us")
    verbs = intake.add_subparsers(title="what", metavar="WHAT", required=True)
    _add_list(verbs)
    _add_retry(verbs)
    _add_show(verbs)


def _add_list(verbs: Commands) -> None:
    parser = verbs.add_parser("list", help="what arrived, newest first; by default what is not settled")
    parser.add_argument("--source", default="", metavar="NAME", help="only from this source, such as shopify")
    parser.add_argument("--state", default="", choices=STATES, help="only in this state")
    parser.add_argument("--limit", type=int, default=50, metavar="N")
    parser.set_defaults(run=list_arrivals)


def _add_retry(verbs: Commands) -> None:
    parser = verbs.add_parser("retry", help="work again on what was refused, waits or is open, after a repair")
    parser.add_argument("ids", nargs="*", type=UUID, metavar="ID", help="as `intake list` shows them")
    parser.add_argument("--source", default="", metavar="NAME", help="everything from this source")
    parser.set_defaults(run=retry)


def _add_show(verbs: Commands) -> None:
    parser = verbs.add_parser("show", help="write the original to standard output, byte for byte")
    parser.add_argument("id", type=UUID, metavar="ID")
    parser.set_defaults(run=show)


def list_arrivals(asked: argparse.Namespace) -> int:
    """0, with one line for each arrival and its reason below."""
    from milepost.ground.arrivals import queries

    states = [asked.state] if asked.state else ["received", "refused", "open", "waiting"]
    rows = [row for state in states for row in queries.arrivals(source=asked.source, state=state, limit=asked.limit)]
    for row in sorted(rows, key=lambda row: row.id, reverse=True)[: asked.limit]:
        print(_line(row))
        if row.error:
            print(f"    {row.code}: {row.error}")
    counts = queries.counts(source=asked.source)
    print(", ".join(f"{count} {state}" for state, count in sorted(counts.items())) or "Everything is settled.")
    return 0


def _line(row: "ArrivalRow") -> str:
    parts = (
        str(row.id),
        f"{row.received_at:%Y-%m-%d %H:%M:%SZ}",
        row.source,
        row.topic,
        row.state,
        row.sender,
        row.about,
    )
    return "  ".join(part for part in parts if part)


def retry(asked: argparse.Namespace) -> int:
    """0: all of it could be worked on; 1: some could not, with the reasons; 2: nothing was named."""
    from milepost.ground.arrivals import commands, queries

    if not asked.ids and not asked.source:
        print("Name arrivals by their ids, or a source with --source.", file=sys.stderr)
        return 2
    act = Act.now("system:command", channel="worker", now=datetime.now(UTC), reason="retried")
    worked = commands.retry(ids=asked.ids, source=asked.source, act=act)
    print(
        f"{worked.total} retried: {worked.processed} processed, {worked.ignored} without anything to do, {worked.open} open,"
        f" {worked.waiting} waiting, {worked.refused} refused."
    )
    for row in queries.arrivals(source=asked.source, state="refused", limit=20) if worked.refused else ():
        if not asked.ids or row.id in asked.ids:
            print(f"{row.id}  {row.code}: {row.error}", file=sys.stderr)
    return 1 if worked.refused else 0


def show(asked: argparse.Namespace) -> int:
    """0, or 1 when there is none with this id."""
    from milepost.ground.arrivals import queries

    original = queries.original(asked.id)
    if original is None:
        print("There is no such arrival.", file=sys.stderr)
        return 1
    sys.stdout.buffer.write(original.body)
    return 0
