"""`milepost inbox`: the process that receives mail, by SMTP and from a mailbox, and keeps it for the worker (REC-1)."""

import argparse
import asyncio
import logging
import signal
import threading
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from milepost.config.processes import follow_parent
from milepost.faces.cli import Commands

if TYPE_CHECKING:
    from milepost.plugs.inboxes.imap import Place
    from milepost.plugs.inboxes.mail.envelope import Envelope
    from milepost.plugs.inboxes.smtp_in import SmtpReceiver

log = logging.getLogger(__name__)
SOURCE = "email"
MAIL = "message/rfc822"
REST_SECONDS = 20.0
LONGEST_REST = 300.0


def add(commands: Commands) -> None:
    """The command `inbox`."""
    parser = commands.add_parser(
        "inbox", help="receive mail: by SMTP at MILEPOST_SMTP_IN, from the mailbox MILEPOST_MAILBOX_URL"
    )
    parser.set_defaults(run=inbox)


def inbox(_: argparse.Namespace) -> int:
    """Receive mail until told to stop; 1 where nothing says from where."""
    from django.conf import settings

    if not (settings.SMTP_IN or settings.MAILBOX_URL):
        log.error("Nothing says where mail comes from: set MILEPOST_SMTP_IN or MILEPOST_MAILBOX_URL.")
        return 1
    follow_parent()
    asyncio.run(_receive())
    return 0


async def _receive() -> None:
    from django.conf import settings

    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    stop = threading.Event()
    reading = None
    if settings.MAILBOX_URL:
        reading = asyncio.create_task(asyncio.to_thread(read_mailbox, stop))
    receiver = _receiver() if settings.SMTP_IN else None
    if receiver is not None:
        host, _, port = settings.SMTP_IN.rpartition(":")
        await receiver.start(host.strip("[]") or "127.0.0.1", int(port))
    await told.wait()
    stop.set()
    if receiver is not None:
        await receiver.stop()
    if reading is not None:
        await asyncio.wait([reading], timeout=5)


def _receiver() -> "SmtpReceiver":
    from django.conf import settings
    from django.db import close_old_connections

    from milepost.plugs.inboxes.smtp_in import SmtpReceiver
    from milepost.way.intake.commands.mail import own_addresses

    return SmtpReceiver(keep=keep, addresses=own_addresses(), largest=settings.LARGEST_MAIL, done=close_old_connections)


def keep(envelope: "Envelope") -> None:
    """Keep one message; one that came before is not kept again."""
    from milepost.ground.arrivals import commands as arrivals
    from milepost.kernel.acts import Act

    arrivals.keep(
        SOURCE, sender=envelope.sender, delivery_id=envelope.delivery_id, content_type=MAIL, headers={"way": envelope.way},
        body=envelope.raw, topic=envelope.subject, act=Act.now(f"system:{envelope.way}", channel=SOURCE, now=datetime.now(UTC)),
    )  # fmt: skip


def read_mailbox(stop: threading.Event) -> None:
    """Look into the mailbox again and again until told to stop; less and less often while it is away."""
    from django.conf import settings
    from django.db import close_old_connections

    from milepost.plugs.inboxes.imap.mailbox import ImapMailbox, MailboxAway

    mailbox = ImapMailbox(
        settings.MAILBOX_URL, take=lambda envelope, place: take(mailbox.name, envelope, place), largest=settings.LARGEST_MAIL,
        too_large=lambda place, size: too_large(mailbox.name, place, size),
    )  # fmt: skip
    rest = 0.0
    while not stop.wait(rest):
        try:
            rest = 0.0 if mailbox.fetch(place_in(mailbox.name)) else REST_SECONDS
        except MailboxAway:
            log.warning("the mailbox %s is away; looking again later", mailbox.name, exc_info=True)
            rest = min(max(rest, REST_SECONDS) * 2, LONGEST_REST)
        close_old_connections()


def place_in(name: str) -> "Place":
    """How far a mailbox was read."""
    from milepost.ground.arrivals import queries as arrived
    from milepost.plugs.inboxes.imap import Place

    return Place(**arrived.marked(name))


def take(name: str, envelope: "Envelope", place: "Place") -> None:
    """Keep a message and how far the mailbox was read, both or neither."""
    from milepost.ground import journal

    with journal.together():
        keep(envelope)
        _mark(name, place)


def too_large(name: str, place: "Place", size: int) -> None:
    """A message that is not fetched: a clerk looks at it where it lies."""
    from milepost.ground import journal
    from milepost.ground.arrivals import commands as arrivals
    from milepost.ground.arrivals.words import State
    from milepost.kernel.acts import Act
    from milepost.kernel.refusals import Refusal

    refusal = Refusal(
        code="too_large", says="A message of {size} bytes lies in the mailbox and was not fetched.",
        do="Look at it there, and enter its order by hand.", values={"size": size},
    )  # fmt: skip
    with journal.together():
        arrivals.keep(
            SOURCE, sender="", delivery_id=f"{name} {place.validity} {place.uid}", content_type=MAIL, headers={"mailbox": name},
            body=b"", topic=f"UID {place.uid}", refusal=refusal, state=State.REFUSED,
            act=Act.now("system:imap", channel=SOURCE, now=datetime.now(UTC)),
        )  # fmt: skip
        _mark(name, place)


def _mark(name: str, place: "Place") -> None:
    from milepost.ground.arrivals import commands as arrivals
    from milepost.kernel.acts import Act

    arrivals.mark(name, asdict(place), act=Act.now("system:imap", channel=SOURCE, now=datetime.now(UTC)))
