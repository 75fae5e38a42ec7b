"""`milepost tracking read`, `import` and `asked`: what carriers' files say, files into the store, and how asking carriers goes."""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from milepost.faces.cli import Commands
from milepost.kernel.acts import Act

if TYPE_CHECKING:
    from uuid import UUID

    from milepost.way.tracking.words import EventDraft

BY_HAND = "file"
LARGEST = 64 * 1024 * 1024


def add(commands: Commands) -> None:
    """Add `tracking read`, `tracking import` and `tracking asked`."""
    tracking = commands.add_parser("tracking", help="tracking events from files, and carriers that are asked")
    verbs = tracking.add_subparsers(title="what", metavar="WHAT", required=True)
    _add_read(verbs)
    _add_import(verbs)
    verbs.add_parser("asked", help="which carriers are asked, how often, and how that goes").set_defaults(run=asked)


def _add_read(verbs: Commands) -> None:
    parser = verbs.add_parser("read", help="print what is read in a file; nothing is kept")
    parser.add_argument(
        "source", metavar="SOURCE", help="whose form it has: ups, fedex, usps, dhl, easypost, ..., or file"
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--number", default="", metavar="N", help="the parcel, where the file does not name it")
    parser.add_argument("--json", action="store_true", help="one JSON record a line")
    parser.set_defaults(run=read, database=False)


def _add_import(verbs: Commands) -> None:
    parser = verbs.add_parser(
        "import", help="keep a file and record its events: CSV or JSON of ours, or a carrier's answer with --source"
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--source", default=BY_HAND, metavar="NAME", help="whose form it has (default: %(default)s)")
    parser.add_argument("--number", default="", metavar="N", help="the parcel, where the file does not name it")
    parser.set_defaults(run=bring)


def read(asked_for: argparse.Namespace) -> int:
    """0, with a line for each event; 1 where something in it makes no sense; 2: there is no such file."""
    import django

    django.setup()
    from milepost.way.tracking import commands

    body = _bytes(asked_for.file)
    if body is None:
        return 2
    reading = commands.what_is_read(asked_for.source, body, number=asked_for.number, now=datetime.now(UTC))
    for event in reading.events:
        print(json.dumps(_record(event), ensure_ascii=False) if asked_for.json else _line(event))
    if reading.refusal is not None:
        print(f"{reading.refusal.sentence} {reading.refusal.next_step}".rstrip(), file=sys.stderr)
        return 1
    if not reading.events:
        print("It says nothing of any parcel.", file=sys.stderr)
    return 0


def _line(event: "EventDraft") -> str:
    certain = "" if event.zone_certain else "~"
    parts = (
        event.tracking_number, f"{certain}{event.happened_at.astimezone(UTC):%Y-%m-%d %H:%M:%SZ}", event.kind.value,
        event.cause.value if event.cause else "", f"[{event.code}]", event.place, event.message,
        f"expected {event.estimate_on}" if event.estimate_on else "", f"signed by {event.received_by}" if event.received_by else "",
    )  # fmt: skip
    return "  ".join(part for part in parts if part)


def _record(event: "EventDraft") -> dict[str, Any]:
    return {
        "tracking_number": event.tracking_number, "carrier": event.carrier, "kind": event.kind.value,
        "cause": event.cause.value if event.cause else None, "code": event.code,
        "happened_at": event.happened_at.astimezone(UTC).isoformat(), "zone_certain": event.zone_certain,
        "stated_at": event.stated_at, "place": event.place, "message": event.message,
        "estimate_on": event.estimate_on.isoformat() if event.estimate_on else None, "signed_by": event.received_by or None,
    }  # fmt: skip


def bring(asked_for: argparse.Namespace) -> int:
    """0: all of it is recorded; 1: something could not be, with the reason; 2: there is no such file."""
    from milepost.way.tracking import commands

    body = _bytes(asked_for.file)
    if body is None:
        return 2
    act = Act.now("system:command", channel="file", now=datetime.now(UTC))
    kept = commands.keep_file(asked_for.source, body, number=asked_for.number, act=act)
    return _work_off(kept.id, act)


def _work_off(arrival_id: "UUID", act: Act) -> int:
    """Work on it at once, if no worker did already, and say what became of it."""
    from milepost.ground.arrivals import commands as arrivals
    from milepost.ground.arrivals import queries

    row = queries.arrival(arrival_id)
    while row is not None and row.state == "received" and arrivals.process_due(act=act).total:
        row = queries.arrival(arrival_id)
    state = row.state if row is not None else "gone"
    said = f" {row.error}" if row is not None and row.error else ""
    print(f"{arrival_id}: {state}.{said}", file=sys.stdout if state in ("processed", "ignored") else sys.stderr)
    return 0 if state in ("processed", "ignored", "received") else 1


def asked(_: argparse.Namespace) -> int:
    """0, with a line for each carrier."""
    from milepost.way.tracking import asking

    cards = {card.name: card for card in asking.pollers()}
    for queue in asking.queues():
        card = cards.get(queue.name)
        spent = f", {card.in_hour} calls this hour, {card.in_day} today" if card else ""
        print(f"{queue.name or 'nobody'}: {queue.parcels} parcels, {queue.waiting} to be asked about{spent}")
        if card is not None and card.closed_until is not None:
            print(f"    left alone until {card.closed_until:%Y-%m-%d %H:%M:%SZ}: {card.says}")
    if not cards:
        print("No carrier is asked: set the credentials of one (docs/operations.md names them).")
    return 0


def _bytes(file: Path) -> bytes | None:
    try:
        body = file.read_bytes() if file.stat().st_size <= LARGEST else None
    except OSError as error:
        print(f"{file} cannot be read: {error.strerror}.", file=sys.stderr)
        return None
    if body is None:
        print(f"{file} is larger than {LARGEST // 1024**2} MiB: cut it into several.", file=sys.stderr)
    return body
