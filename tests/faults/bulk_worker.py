"""Workers that carry a bulk run on, each a real process: a nursery that forks one for each line on its standard input.

Usage: bulk_worker.py prepare ORDERS (prints run and actor) | start RUN ACTOR | work. Working, it prints the process id of each.
"""

import os
import sys
import time
from datetime import UTC, datetime

import django


def now() -> datetime:
    return datetime.now(UTC)


def prepare(count: int) -> str:
    """Orders of Ada's, all to be cancelled."""
    from milepost.ground.access import commands as access
    from milepost.kernel.acts import Act
    from milepost.overview.bulk import commands
    from milepost.overview.bulk.words import Wish
    from milepost.way.orders import queries as orders
    from tests import cast

    act = Act.now("key:1", channel="api", now=now())
    staff = access.join(email="omar@milepost.example", name="Omar", roles=["order_management"], act=act)
    cast.stocked(10 * count)
    made = orders.contacts(cast.ordered(*[cast.draft() for _ in range(count)], act=act))
    keys = [one.reference for one in made.values()]
    wish = Wish(listing="orders", verb="cancel", keys=keys, values={"reason_code": "other"})
    return f"{commands.prepare(wish, act=Act.now(f'staff:{staff}', channel='desk', now=now()))} staff:{staff}"


def start(run: str, actor: str) -> str:
    from milepost.kernel.acts import Act
    from milepost.overview.bulk import commands

    commands.start(int(run), act=Act.now(actor, channel="desk", now=now()))
    return "started"


def work() -> None:
    from milepost.overview.bulk import commands

    vars(commands)["IN_A_SET"] = 4  # so that a kill meets many sets
    while True:
        if not commands.work(now()):
            time.sleep(0.02)


def nurse() -> None:
    from milepost.config.server import disconnect
    from milepost.ground.procedures.queries import book

    book()
    disconnect()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            os.close(0)
            work()
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "milepost.config.settings")
    django.setup()
    if sys.argv[1] == "prepare":
        print(prepare(int(sys.argv[2])))  # noqa: T201
    elif sys.argv[1] == "start":
        print(start(sys.argv[2], sys.argv[3]))  # noqa: T201
    else:
        nurse()
