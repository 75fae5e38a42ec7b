"""`milepost words`: brings the catalogues of the letters' words up to date and compiles them."""

import argparse

from milepost.faces.cli import Commands


def add(commands: Commands) -> None:
    parser = commands.add_parser("words", help="renew and compile the catalogues of letters' words (needs a checkout)")
    parser.set_defaults(run=words, database=False)


def words(asked: argparse.Namespace) -> int:
    """Print how many sentences each language lacks; 1 where any does."""
    import django

    django.setup()
    from milepost.reactions.letters import compiling

    lacking = compiling.bring_up_to_date()
    for language, count in lacking.items():
        print(f"{language}: {count} without translation" if count else f"{language}: all translated")
    return 1 if any(lacking.values()) else 0
