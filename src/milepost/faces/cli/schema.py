"""`milepost migrate`: brings the database to the state that this version needs."""

import argparse

from milepost.faces.cli import Commands


def add(commands: Commands) -> None:
    parser = commands.add_parser("migrate", help="bring the database up to date")
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 if something is to be done")
    parser.set_defaults(run=migrate)


def migrate(asked: argparse.Namespace) -> int:
    """Apply what is missing; with --check only say what would be applied."""
    from django.core.management import call_command

    call_command("migrate", check_unapplied=asked.check, plan=asked.check)
    return 0
