"""Codes of our vocabulary as people read them: facts, audiences, channels, timings, languages, days. Nobody sees a raw code."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from milepost.ground.access.words import ROLES

_CAMEL = re.compile(r"(?:[A-Z][a-z0-9]+){2,}")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SNAKE = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")
_NAMES: Mapping[str, object] = {
    # audiences
    "customer": _("Customer"), "recipient": _("Recipient of the goods"), "stakeholders": _("Others named on the order"),
    "supplier": _("Supplier"), "responsible": _("The role that it concerns"),
    # channels
    "email": _("E-mail"), "sms": _("Text message"), "phone": _("Phone call"), "in_app": _("On the desk"),
    "portal": _("Order page in the portal"), "web_push": _("Push in the browser"), "staff_alert": _("Alert to staff"),
    # timing
    "at_once": _("At once"), "next_window": _("In the next window"), "digest": _("In the digest of the day"),
    # classes
    "transactional": _("About an order"), "service": _("Service"), "marketing": _("Marketing"),
    # days
    "mon": _("Monday"), "tue": _("Tuesday"), "wed": _("Wednesday"), "thu": _("Thursday"), "fri": _("Friday"),
    "sat": _("Saturday"), "sun": _("Sunday"),
    # languages
    "en": _("English"), "de": _("German"), "es": _("Spanish"), "fr": _("French"), "pt": _("Portuguese"), "ar": _("Arabic"),
    **ROLES,
}  # fmt: skip


def is_code(text: str) -> bool:
    """Whether a text is a code rather than words of somebody."""
    return bool(text in _NAMES or _CAMEL.fullmatch(text) or ("_" in text and _SNAKE.fullmatch(text)))


def named_code(code: str) -> str:
    """A code as people read it: `OrderConfirmed` reads “Order confirmed”, `in_app` “On the desk”."""
    known = _NAMES.get(code)
    return gettext(str(known)) if known is not None else plain_name(code)


def plain_name(code: str) -> str:
    """Any code as its words."""
    if _CAMEL.fullmatch(code):
        code = _HUMP.sub(" ", code).lower()
    text = code.replace("_", " ")
    text = text[:1].upper() + text[1:]
    return gettext(text) if text else ""


def document_name(name: str) -> str:
    """The name of a document: `acknowledgement.de` reads “Acknowledgement (German)”."""
    letter, _dot, language = name.rpartition(".")
    return f"{plain_name(letter)} ({named_code(language)})" if letter else plain_name(name)
