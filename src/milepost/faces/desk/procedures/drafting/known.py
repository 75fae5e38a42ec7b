"""What there is to choose from in a form, each with a name that people read: facts, audiences, channels, templates, roles."""

from collections.abc import Iterable
from functools import cache
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from milepost.faces.desk.procedures.drafting.leaves import Known, Options
from milepost.faces.look.code_names import named_code, plain_name
from milepost.faces.look.countries import countries
from milepost.ground.access.words import ROLES
from milepost.ground.procedures.assembling import LANGUAGES
from milepost.ground.procedures.words import OUTSIDE, RESPONSIBLE, Book
from milepost.kernel.facts import OrderFact, kinds


def known(book: Book) -> Known:
    """All sources by name, as they stand with the procedures in force."""
    roles = [(role, str(_(name))) for role, name in ROLES.items()]
    outside = [(one, named_code(one)) for one in (*sorted(OUTSIDE), RESPONSIBLE)]
    letters = sorted({name.rpartition(".")[0] for name in book.templates})
    return {
        "roles": roles,
        "audiences": [*outside, *roles],
        "facts": _facts(book),
        "templates": [(letter, plain_name(letter)) for letter in letters],
        "ladders": [(ladder, plain_name(ladder)) for ladder in book.ladders],
        "duties": [(kind, plain_name(kind)) for kind in book.clocks],
        "services": [(service, plain_name(service)) for service in book.promising.services],
        "languages": [(tag, named_code(tag)) for tag in LANGUAGES],
        "zones": _zones(),
        "countries": countries(),
        "yes_no": [("yes", _("yes")), ("no", _("no"))],
    }


def _facts(book: Book) -> Options:
    """Facts of orders, which alone have people to tell; and what the matrix names besides."""
    names = {name for name, kind in kinds().items() if issubclass(kind, OrderFact)} | {row.fact for row in book.matrix}
    return sorted(((name, named_code(name)) for name in names), key=lambda one: one[1])


@cache
def _zones() -> Options:
    return [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones()) if "/" in zone]


def with_this(options: Iterable[tuple[str, str]], value: str) -> list[tuple[str, str]]:
    """The options, and the value that stands there though it is none of them, so that it is not lost."""
    found = list(options)
    return found if not value or any(one == value for one, _name in found) else [*found, (value, plain_name(value))]
