"""Templates to letters. A variable that is not there, or is of another type, is an error, never an empty place."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings

from milepost.ground.notices.words import Channel
from milepost.ground.procedures import variables
from milepost.ground.procedures.templating import BadTemplate, Compiled, Form, Missing, compile_text, tidy
from milepost.ground.procedures.words import TemplateVersion
from milepost.kernel import sms
from milepost.reactions.letters.tongues import tongue

SPOKEN = frozenset({Channel.PHONE})
SHORT = frozenset({Channel.SMS, Channel.WEB_PUSH, Channel.STAFF_ALERT})
UNTITLED = frozenset({Channel.SMS, Channel.PHONE})


ACCENT, ACCENT_DARK = "#1f5f4a", "#8fd3b6"
"""The colours in which letters are compiled (`shell.mjml`), by day and by night; those of the brand take their place."""


class CannotRender(Exception):
    """A template that cannot become a letter; says why."""


def render(template: TemplateVersion, context: Mapping[str, Any]) -> tuple[str, str, str]:
    """Subject, text and HTML. Raises CannotRender for a template that is broken or names what does not exist."""
    check(template, context)
    return (
        _line(template, "subject", context),
        tidy(_written(template, "text", context)),
        _in_brand_colours(_written(template, "html", context)),
    )


def render_for(channel: str, template: TemplateVersion, context: Mapping[str, Any]) -> tuple[str, str, str]:
    """Subject, text and HTML as the channel takes them: by SMS only the short words, by push and alert with a title, on the
    phone a script. Raises CannotRender where the template has no words for the channel."""
    if channel not in SHORT | SPOKEN:
        return render(template, context)
    check(template, context)
    title = "" if channel in UNTITLED else _line(template, "subject", context)
    if channel in SPOKEN:
        return title, tidy(_written(template, "phone", context, "a phone call")), ""
    words = _line(template, "sms", context, "a short message")
    return title, sms.plain(words) if channel == Channel.SMS else words, ""


def _in_brand_colours(html: str) -> str:
    palette = settings.BRAND_PALETTE
    return html.replace(ACCENT, palette.accent).replace(ACCENT_DARK, palette.accent_dark) if palette else html


def check(template: TemplateVersion, context: Mapping[str, Any]) -> None:
    """Whether everything that the template was promised is there, and of its type. Raises CannotRender."""
    wrong = next(variables.faults(template.variables, context), "")
    if wrong:
        raise CannotRender(wrong)


def _line(template: TemplateVersion, part: str, context: Mapping[str, Any], need: str = "") -> str:
    return " ".join(_written(template, part, context, need).split())


def _written(template: TemplateVersion, part: str, context: Mapping[str, Any], need: str = "") -> str:
    compiled = _compiled(template, part)
    if need and not compiled.pieces:
        raise CannotRender(f"it has no words for {need}")
    try:
        return compiled.write(context)
    except Missing as missing:
        raise CannotRender(f"it names {missing}, which does not exist") from None


@lru_cache(maxsize=512)
def _compiled(template: TemplateVersion, part: str) -> Compiled:
    form = Form(html=part == "html", language=template.language, say=tongue(template.language))
    types = {**variables.VOCABULARY, **template.variables}
    try:
        return compile_text(str(getattr(template, part)), form, types)
    except BadTemplate as broken:
        raise CannotRender(str(broken)) from broken
