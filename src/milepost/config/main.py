"""The command `milepost`: gathers the subcommands, gives each the database that it needs, and runs it.

Subcommands stand in `faces/cli`, one file a group, and in `config/up.py` those that run processes. Each file has `add(commands)`,
which adds its parsers; a parser names its function by `set_defaults(run=...)`: it takes the parsed arguments and returns the exit
code. Before it is called the database answers and Django is set up, unless it says `set_defaults(database=False)`. Imports
of rooms stand inside these functions, so that `--help` answers at once.
"""

import argparse
import os
import pkgutil
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from milepost import __doc__ as about
from milepost import __version__
from milepost.config import docs, inbox, server, up
from milepost.config.environment import Misunderstood
from milepost.config.starting import set_up
from milepost.faces import cli
from milepost.faces.cli import Group
from milepost.kernel.refusals import Refused


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 is well, 1 a refusal or a broken rule, 2 a wrong call, 130 an interruption."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "milepost.config.settings")
    _stop_in_good_order()
    try:
        asked = parser().parse_args(arguments)
        os.environ["MILEPOST_VAR"] = str(server.var(asked.var))
        return _run(asked)
    except KeyboardInterrupt:
        return 130
    except (server.Unreachable, Misunderstood) as said:
        print(said, file=sys.stderr)
    except Refused as refused:
        for refusal in refused.refusals:
            print(f"{refusal.sentence} {refusal.next_step}".rstrip(), file=sys.stderr)
    return 1


def parser() -> argparse.ArgumentParser:
    """All commands with their help."""
    made = argparse.ArgumentParser(prog="milepost", description=about, epilog=ENVIRONMENT, formatter_class=AsWritten)
    made.add_argument("--version", action="version", version=f"milepost {__version__}")
    made.add_argument(
        "--var", type=Path, metavar="FOLDER", help="where data, logs and secrets are kept (default: ./var)"
    )
    made.set_defaults(database=True)
    commands = made.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for group in (up, inbox, docs, *_groups()):
        group.add(commands)
    return made


class AsWritten(argparse.RawDescriptionHelpFormatter):
    """Keeps the lines of the epilog."""


ENVIRONMENT = """\
environment:
  DATABASE_URL    another PostgreSQL (15 or newer) instead of the embedded one, as postgresql://user:password@host/name
  PORT            where the web process listens (default: 8000)
  MILEPOST_URL    the address under which people reach it, used in links (default: http://127.0.0.1:PORT)
  MILEPOST_…      senders, carriers, shops, secrets, sizes: docs/operations.md lists all of them
"""


def _stop_in_good_order() -> None:
    """Each way of asking to stop unwinds like Ctrl-C, so that nothing is left running; `nohup` keeps its meaning."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)


def _run(asked: argparse.Namespace) -> int:
    if not asked.database:
        return int(asked.run(asked))
    with server.database():
        set_up()
        return int(asked.run(asked))


def _groups() -> list[Group]:
    names = sorted(module.name for module in pkgutil.iter_modules(cli.__path__) if module.name != "tests")
    return [import_module(f"{cli.__name__}.{name}") for name in names]
