"""What the fields of a form are called and what they mean: from their names, and from what the docs of their records say. Pure."""

import re
from collections.abc import Mapping
from functools import cache

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from milepost.faces.look.code_names import plain_name

UNITS = frozenset({"days", "hours", "minutes", "seconds", "percent", "months"})
_OWN_LABELS: Mapping[str, object] = {
    "Matrix.rows": _("Who is told of what"), "MatrixRow.fact": _("When this happens"), "MatrixRow.audience": _("Who is told"),
    "MatrixRow.channels": _("By which channel"), "MatrixRow.template": _("In the words of"), "MatrixRow.when": _("Only where"),
    "MatrixRow.timing": _("At what time"), "Freshness.news.key": _("Template"), "Freshness.instead.key": _("Language"),
    "CarrierService.countries.key": _("Country"), "ConsentPolicy.asked_first.key": _("Class"),
    "Telling.hours.key": _("Channel"),
    "CalendarSheet.closed.key": _("Day"), "CalendarSheet.special.key": _("Day"),
    "CalendarSheet.closed": _("Days on which nobody works"),
    "CheckRule.thresholds.key": _("Threshold"), "MatrixRow.when.key": _("Value of the fact"),
    "MatrixRow.wait_minutes": _("Waits"), "MatrixRow.joins": _("Goes together with others"),
    "MatrixRow.expects": _("The audit misses it"),
    "Clocks.clocks": _("Clocks"), "Clock.kind": _("Duty"), "Clock.says": _("What is to be done"), "Clock.hours": _("Time"),
    "Clock.warn_at": _("Warn at"), "Clock.working_time": _("Counts working time only"), "Clock.ladder": _("Escalates by"),
    "Ladders.ladders": _("Ladders"), "Ladders.ladders.value": _("Levels"), "ConsentPolicy.words.value": _("By language"),
    "Rung.after_percent": _("After this share of the time"),
    "Rung.after_hours": _("Or past the due time"), "CalendarSheet.week": _("Working hours"),
    "CalendarSheet.special": _("Days with hours of their own"),
    "CalendarSheet.zone": _("Time zone"), "CalendarSheet.country": _("Country whose holidays count"),
    "CalendarSheet.subdivision": _("State or province"), "RetentionRule.months": _("Kept for"),
    "TemplateSheet.mjml": _("The e-mail (MJML)"), "TemplateSheet.sms": _("Short form, for SMS and pushes"),
    "TemplateSheet.phone": _("Script for a call"), "TemplateSheet.text": _("The e-mail as plain text"),
    "TemplateSheet.category": _("Class of the message"), "TemplateSheet.variables": _("What it may name"),
    "CheckRule.blocking": _("Keeps the order from moving"), "CheckRule.word_suffices": _("The customer's word settles it"),
    "CheckRule.hold": _("Hold that it opens"), "CheckRule.words": _("Words of its findings"),
}  # fmt: skip
_NAME = _("Name")
_OWN_HELP: Mapping[str, object] = {
    "MatrixRow.channels": _("In order: the first that leads to somebody is taken. Choose “nothing” to take one out."),
    "MatrixRow.audience": "", "TemplateSheet.variables": "",
    "TemplateSheet.category": _("What the recipient's consent must cover."),
    "TemplateSheet.mjml": _("The e-mail as programs show it; its HTML is made of it when it is published."),
    "MatrixRow.rank": _("0: it stands alone. Else it replaces what is unsent of rows with a lower rank."),
    "MatrixRow.wait_minutes": _("It leaves no sooner than so long after."),
    "MatrixRow.joins": _("What the same fact tells of the same order until then goes in one message."),
    "MatrixRow.expects": _("The audit asks why where there is no such message."),
    "MatrixRow.when": _("Only where a value of the fact is one of these."),
    "MatrixRow.timing": _("At once within the channel's hours, in the next window, or in the digest of the recipient's day."),
    "MatrixRow.milestone": _("What it stands for: of one milestone, nobody is told twice."),
    "Clock.hours": _("In hours; parts of an hour as 0.5."),
    "Clock.warn_at": _("Shares of the time in percent, rising, with commas between them."),
    "Clock.kind": _("The code of the duty, as Milepost opens it."),
    "Rung.after_percent": _("In percent; 100 is the due time. Fill in this one or the next."),
    "Rung.after_hours": _("In hours past the due time."), "Rung.channels": _("In order."),
    "CalendarSheet.week": _("As 08:00-12:00, 13:00-17:00; a day without hours is no working day."),
    "CalendarSheet.country": _("Two letters, such as DE; empty: none."),
    "CalendarSheet.subdivision": _("Its short code, where it has holidays of its own."),
    "CallsPolicy.week": _("As 10:00-12:30, 16:00-19:00; a day without hours: nobody calls."),
    "Telling.window": _("As 08:00-20:00."), "Telling.hours": _("As 08:00-20:00; of a channel that is not named, all hours."),
    "RetentionRule.months": _("Months after their order was closed; 12 at least."),
    "CheckRule.countries": _("Two letters each, with commas between them."),
    "RoleSheet.responsibilities": _("One a line."),
    "TemplateSheet.text": _("What it names stands in double braces: {{ reference }}."),
    "TemplateSheet.sms": _("Empty: it does not go by SMS."), "TemplateSheet.phone": _("Empty: nobody is called with it."),
}  # fmt: skip
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n\s*\n")
_CODE = re.compile(r"`([a-z_]+)`")
_CLAUSE = re.compile(r"\s*\((?:[A-Z]{2,}-\d+(?:, )?)+\)")


def label(place: str) -> str:
    """What a field is called. `place` is its record and name: "Clock.says"."""
    own = _OWN_LABELS.get(place, _NAME if place.endswith(".key") else None)
    if own is None and place.endswith(".value"):
        return label(place.removesuffix(".value"))
    return str(own) if own is not None else plain_name(place.rpartition(".")[2])


def unit(place: str) -> str:
    """The unit of a number, which stands beside its field."""
    name = place.rpartition(".")[2]
    last = name.rpartition("_")[2]
    if last in UNITS:
        return "%" if last == "percent" else gettext(last)
    return "%" if place in ("Clock.warn_at", "Allowance.confidence") else ""


def help_of(place: str, cls: type | None) -> str:
    """What a field means: our own words, or those sentences of its record's docs that name it."""
    own = _OWN_HELP.get(place)
    if own is not None:
        return str(own)
    return " ".join(said for said in _sentences(cls.__doc__ or "" if cls else "", place.rpartition(".")[2]))


@cache
def _sentences(doc: str, name: str) -> tuple[str, ...]:
    text = _CLAUSE.sub("", " ".join(doc.split()))
    found = (one.strip() for one in _SENTENCE.split(text))
    return tuple(_readable(one) for one in found if _CODE.findall(one)[:1] == [name])


def _readable(sentence: str) -> str:
    return _CODE.sub(lambda found: f"“{plain_name(found[1]).lower()}”", sentence)


def about(cls: type) -> str:
    """What a record is, by the first sentence of its docs."""
    first = _SENTENCE.split(_CLAUSE.sub("", " ".join((cls.__doc__ or "").split())))[0]
    return _readable(first)
