"""Workers that drain the outbox of notices, each a real process: a nursery that forks one for each line on its standard input.

Usage: notices_worker.py smtp ADDRESS | mailbox. Prints the process id of each worker.
"""

import os
import random
import sys
import time
from datetime import UTC, datetime, timedelta

import django


def now() -> datetime:
    return datetime.now(UTC)


def drain(sender) -> None:
    from milepost.ground.notices.commands import send_due
    from milepost.ground.notices.tests.acting import write

    while True:
        if not send_due(now=now(), sender=sender, compose=write, limit=25, lease=timedelta(seconds=0.7)).total:
            time.sleep(0.02)


def unhurried(verb):
    """The same verb with a rest before and after, in which a worker can be killed."""

    def rested(messages) -> None:
        time.sleep(0.04 + random.random() * 0.06)
        verb(messages)
        time.sleep(0.04 + random.random() * 0.06)

    return rested


def sender_named(name: str, address: str = ""):
    from milepost.ground.notices import commands, queries
    from milepost.plugs.senders.mailbox import MailboxSender
    from milepost.plugs.senders.smtp import SmtpSender

    if name == "mailbox":
        return MailboxSender(
            keep=unhurried(commands.keep_in_mailbox),
            which=queries.kept_in_mailbox,
            clock=now,
            sent_from="orders@shop.example",
        )
    return SmtpSender(
        url=address, sent_from="orders@shop.example", brand="Shop", reply_to="help@shop.example", clock=now,
        timeout=5,
    )  # fmt: skip


def read_procedures() -> None:
    """Once for all workers: they live too short to read them each."""
    from milepost.config.server import disconnect
    from milepost.ground.procedures.queries import book

    book()
    disconnect()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "milepost.config.settings")
    django.setup()
    chosen = sender_named(*sys.argv[1:])
    read_procedures()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            random.seed(os.getpid())
            os.close(0)
            drain(chosen)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
