"""Facts and findings in plain words: codes, lists, days and instants as people read them."""

import re
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from milepost.ground.journal.queries import Told
from milepost.kernel.facts import sentence

_CODE = re.compile(r"[a-z]+(_[a-z]+)+")
_REFERENCE = re.compile(r"\b(M[0-9A-HJKMNP-TV-Z]{3}-[0-9A-HJKMNP-TV-Z]{3}-[0-9A-HJKMNP-TV-Z]{3})\b")
_LINE = re.compile(r"\blines\.(\d+)\.?")
_IDLE_ZEROS = re.compile(r"(\d+)\.(\d*?)0+\b(?!\.)")


def told_plainly(told: Told) -> str:
    """The sentence of a fact with its values as people read them, times in the reader's zone."""
    said = sentence(told.kind, {name: plain(value) for name, value in told.data.items()})
    return said.rstrip(".")


def plain(value: Any) -> Any:
    """A value of a fact as people read it."""
    if isinstance(value, list):
        return ", ".join(str(plain(one)) for one in value)
    if value is None or value == "":
        return "–"
    if not isinstance(value, str):
        return value
    if _CODE.fullmatch(value):
        return value.replace("_", " ")
    return _time(value) if value[:4].isdigit() and value[4:5] == "-" else value


def _time(text: str) -> str:
    """A day or an instant in ISO 8601 as people read it; anything else as it is."""
    try:
        if len(text) == 10:
            return date_format(date.fromisoformat(text), "D j M Y")
        return date_format(timezone.localtime(datetime.fromisoformat(text)), "D j M Y, H:i")
    except ValueError:
        return text


def where(field: str) -> str:
    """The place that a finding points at: `lines.0.quantity` reads “line 1, quantity”."""
    place = _LINE.sub(lambda found: f"line {int(found[1]) + 1}, ", field).replace("_", " ").replace(".", ", ")
    return place.removesuffix(", ")


def with_orders(text: str) -> SafeString:
    """A sentence in which each order that it names is a link to it on the desk."""
    parts = _REFERENCE.split(text)
    return format_html_join("", "{}", ([_linked(part) if place % 2 else part] for place, part in enumerate(parts)))


def _linked(reference: str) -> SafeString:
    return format_html('<a class="code" href="{}">{}</a>', reverse("desk:order", args=[reference]), reference)


def about_lines(text: str) -> str:
    """A sentence with places of lines as people count them and amounts without idle zeros."""
    counted = _LINE.sub(lambda found: f"line {int(found[1]) + 1}, ", text)
    return _IDLE_ZEROS.sub(lambda found: f"{found[1]}.{found[2]}" if found[2] else found[1], counted)
