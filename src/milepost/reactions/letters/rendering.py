"""Templates to text and HTML. A variable that is not there is an error, never an empty place."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from django.template import Context, Engine, Template, TemplateDoesNotExist, TemplateSyntaxError

from milepost.ground.procedures.words import TemplateVersion

PARTS = Path(__file__).parent / "parts"
MISSING = "\u2e28missing %s\u2e29"
_HTML = Engine(dirs=[str(PARTS)], string_if_invalid=MISSING, autoescape=True)
_TEXT = Engine(dirs=[str(PARTS)], string_if_invalid=MISSING, autoescape=False)


class CannotRender(Exception):
    """A template that cannot become a letter; says why."""


def render(template: TemplateVersion, context: dict[str, Any]) -> tuple[str, str, str]:
    """Subject, text and HTML. Raises CannotRender for a template that is broken or names what does not exist."""
    subject, text, html = _compiled(template)
    try:
        written = (
            " ".join(_written(subject, context).split()),
            _tidy(_written(text, context)),
            _written(html, context),
        )
    except (TemplateDoesNotExist, TemplateSyntaxError) as broken:
        raise CannotRender(str(broken)) from broken
    return written


def _written(template: Template, context: dict[str, Any]) -> str:
    written = template.render(Context(context, autoescape=template.engine.autoescape))
    before, hole, after = written.partition(MISSING[0] + "missing ")
    if hole:
        raise CannotRender(f"it names {after.partition(MISSING[-1])[0]}, which does not exist")
    return before


@lru_cache(maxsize=256)
def _compiled(template: TemplateVersion) -> tuple[Template, Template, Template]:
    try:
        return (
            _TEXT.from_string(template.subject), _TEXT.from_string(template.text), _HTML.from_string(template.html),
        )  # fmt: skip
    except (TemplateDoesNotExist, TemplateSyntaxError) as broken:
        raise CannotRender(str(broken)) from broken


def _tidy(text: str) -> str:
    """No blanks at the ends of lines, never two empty lines in a row."""
    lines: list[str] = []
    for line in (line.rstrip() for line in text.strip().splitlines()):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines) + "\n"
