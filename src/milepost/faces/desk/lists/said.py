"""Values as files say them: words instead of codes, instants in the house's zone, days as dates."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import lazy

from milepost.faces.look.templatetags.look import words as _words


def words(code: object) -> str:
    """A code from our vocabulary as words, in the language of whoever looks."""
    return str(_words(code))


later: Any = lazy(words, str)
"""The same for what stands in a table and is translated when it is shown."""


def time_text(instant: datetime | None) -> str:
    """An instant to the minute in the house's zone; nothing for none."""
    return "" if instant is None else f"{timezone.localtime(instant):%Y-%m-%d %H:%M}"


def date_text(day: date | None) -> str:
    """A calendar day; nothing for none."""
    return "" if day is None else day.isoformat()
