"""How values are shown: instants and days in the reader's zone, amounts, states in words."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from milepost.faces.look import sentences
from milepost.faces.look.code_names import document_name, named_code
from milepost.kernel.refusals import Refusal

register = template.Library()
NEAR = {"de": "D, j. M", "ar": "l، j M"}
FAR = {"de": "j. M Y"}
WHOLE = {"de": "l, j. F Y", "es": r"l j \d\e F \d\e Y", "pt": r"l, j \d\e F \d\e Y", "ar": "l، j F Y"}
"""Days of this year, of others, and in full, where a language writes them otherwise than English."""
POSTED_TO = frozenset({"portal:feedback", "portal:accept", "portal:complain"})
"""Pages that answer to a form alone; the order's page is the one to go back to."""


@register.filter
def when(instant: datetime | None) -> str | SafeString:
    """An instant in the reader's zone, with the exact one as its title; a dash for none."""
    if instant is None:
        return "–"
    here = timezone.localtime(instant)
    short, whole = _day_in_words(here.date(), timezone.localdate().year, get_language() or "en")
    time = f"{_comma()}{here:%H:%M}"
    return _time(here.isoformat(timespec="minutes"), short + time, f"{whole}{time} {here.tzname()}")


@register.filter
def day(value: date | datetime | None) -> str | SafeString:
    """A calendar day; of an instant the day in the reader's zone; a dash for none."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return _time(value.isoformat(), *_day_in_words(value, timezone.localdate().year, get_language() or "en"))


@register.filter
def window(promise: Any) -> str | SafeString:
    """The days of a promise, as one day or from–to; a dash for none."""
    if not promise:
        return "–"
    if promise.earliest_on == promise.latest_on:
        return day(promise.latest_on)
    return format_html("{} – {}", day(promise.earliest_on), day(promise.latest_on))


@lru_cache(maxsize=4096)
def _day_in_words(value: date, this_year: int, language: str) -> tuple[str, str]:
    """A day in short, as a reader of this year writes it, and in full. The days of a list are mostly the same few."""
    short = NEAR.get(language, "D j M") if value.year == this_year else FAR.get(language, "j M Y")
    return date_format(value, short), date_format(value, WHOLE.get(language, "l j F Y"))


def _comma() -> str:
    return "، " if get_language() == "ar" else ", "


def _time(machine: str, shown: str, title: str) -> SafeString:
    return format_html('<time datetime="{}" title="{}">{}</time>', machine, title, shown)


@register.filter
def money(amount: Decimal | None, currency: str = "") -> str:
    """An amount with its currency; cents always, more places only where they are."""
    if amount is None:
        return "–"
    places = max(2, -int(amount.normalize().as_tuple().exponent))
    return f"{number_format(amount, places, use_l10n=True, force_grouping=True)} {currency}".rstrip()


@register.filter
def plain(amount: Decimal) -> str:
    """An amount as a field of a form takes it, whatever the language."""
    return f"{amount.normalize():f}"


@register.filter
def unsigned(amount: Decimal) -> Decimal:
    """An amount without its sign, where a word says whether it is more or less."""
    return abs(amount)


@register.filter
def quantity(amount: Decimal | None) -> str:
    """An amount of goods without idle zeros."""
    return "–" if amount is None else number_format(Decimal(f"{amount.normalize():f}"), use_l10n=True)


@register.filter
def words(code: object) -> str:
    """A code from our vocabulary as words: `out_for_delivery` reads “Out for delivery”."""
    text = in_words(str(code or ""))
    return _(text) if text else ""


def in_words(code: str) -> str:
    """A code as English words."""
    text = code.replace("_", " ")
    return text[:1].upper() + text[1:]


@register.filter
def sentence(refusal: Refusal) -> str:
    """What was wrong, in the reader's language."""
    return _filled(refusal.says, refusal)


@register.filter
def next_step(refusal: Refusal) -> str:
    """What the person can do now, in the reader's language."""
    return _filled(refusal.do, refusal)


def _filled(said: str, refusal: Refusal) -> str:
    words = _(said) if said else ""
    return words.format_map(refusal.values) if refusal.values else words


register.filter("code_name", named_code)
register.filter("document_name", document_name)
register.filter("where", sentences.where)
register.filter("about_lines", sentences.about_lines)
register.filter("with_orders", sentences.with_orders)


@register.filter
def many(amount: Decimal, unit: str) -> str:
    """An amount with its unit as customers read it: “2 ×”, “1.5 kg”."""
    return f"{quantity(amount)} {'×' if unit in ('', 'piece') else unit}"


@register.filter
def described(field: BoundField) -> BoundField:
    """A form's field whose help and errors are tied to it, so that a screen reader tells them (WCAG 1.3.1, 3.3.1)."""
    about = [f"{field.auto_id}_{part}" for part, there in (("help", field.help_text), ("error", field.errors)) if there]
    if about:
        field.field.widget.attrs["aria-describedby"] = " ".join(about)
    if field.errors:
        field.field.widget.attrs["aria-invalid"] = "true"
    return field


@register.simple_tag
def tongues() -> list[tuple[str, str, str]]:
    """The languages to choose from: code, name in itself, direction."""
    return [(code, name, "rtl" if get_language_info(code)["bidi"] else "ltr") for code, name in settings.LANGUAGES]


@register.simple_tag(takes_context=True)
def way_back(context: dict[str, Any]) -> str:
    """The address of this page for who comes back to it; nothing where there is no request."""
    request = context.get("request")
    if request is None:
        return ""
    if request.method in ("GET", "HEAD"):
        return str(request.get_full_path())
    match = request.resolver_match
    return reverse("portal:track", args=[match.kwargs["token"]]) if match.view_name in POSTED_TO else str(request.path)


@register.simple_tag
def brand() -> str:
    """The name of the shop."""
    return str(settings.BRAND)


@register.simple_tag
def brand_colours() -> str:
    """Where the style sheet of the brand's colours is; nothing where our own stay. Its address changes with it."""
    palette = settings.BRAND_PALETTE
    return f"{reverse('brand:colours')}?{palette.accent[1:]}{palette.accent_dark[1:]}" if palette else ""


@register.simple_tag
def brand_logo() -> str:
    """Where the logo is; nothing where there is none."""
    logo = settings.BRAND_LOGO
    return f"{reverse('brand:logo')}?{int(logo.stat().st_mtime)}" if logo and logo.is_file() else ""


@register.simple_tag
def push_key() -> str:
    """Our public key for pushes to browsers; empty where none is set up, so that none is offered."""
    return str(settings.VAPID_PUBLIC_KEY) if settings.VAPID_PRIVATE_KEY else ""


@register.simple_tag
def support_email() -> str:
    """Where people write for help (NTF-6)."""
    return str(settings.SUPPORT_EMAIL)


@register.simple_tag
def support_phone() -> str:
    """Where people call for help (NTF-6)."""
    return str(settings.SUPPORT_PHONE)


@register.filter
def may(user: Any, permission: str) -> bool:
    """Whether somebody who has signed in holds a permission."""
    return bool(user.is_authenticated and user.may(permission))


@register.filter
def named(people: Any, actor: str) -> str:
    """The name of an actor, among people by their actor ids."""
    return str(people.name(actor))


@register.filter
def swatches(light: str, dark: str) -> list[tuple[str, SafeString, str]]:
    """A colour in light and in dark: the scheme, a patch of it, and its code."""
    return [(_(name), _patch(colour), colour) for name, colour in (("Light", light), ("Dark", dark))]


def _patch(colour: str) -> SafeString:
    """A drawing, as a page may hold no style of its own."""
    size = 'viewBox="0 0 40 20" width="40" height="20"'
    return format_html(
        f'<svg class="swatch" {size} aria-hidden="true"><rect width="40" height="20" fill="{{}}"/></svg>', colour
    )


@register.filter
def callable_number(phone: str) -> str:
    """A phone number as a `tel:` address wants it."""
    return "".join(character for character in phone if character.isdigit() or character == "+")
