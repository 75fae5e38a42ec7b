"""`milepost words`: brings the catalogues of the letters' and the portal's words up to date and compiles them."""

import argparse

from milepost.faces.cli import Commands


def add(commands: Commands) -> None:
    parser = commands.add_parser(
        "words", help="renew and compile the catalogues of letters and portal (needs a checkout)"
    )
    parser.set_defaults(run=words, database=False)


def words(asked: argparse.Namespace) -> int:
    """Print how many sentences each language lacks; 1 where any does."""
    import django

    django.setup()
    from milepost.faces.portal import compiling as portal
    from milepost.reactions.letters import compiling as letters

    whole = True
    for of, lacking in (("letters", letters.bring_up_to_date()), ("portal", portal.bring_up_to_date())):
        for language, count in lacking.items():
            print(f"{of}, {language}: {count} without translation" if count else f"{of}, {language}: all translated")
        whole = whole and not any(lacking.values())
    return 0 if whole else 1
