"""The gettext catalogues of the portal: `milepost words` brings them up to date and compiles them, as it does the letters'.

Sentences are found in the templates, in the code (`_("...")`), in the refusals of commands that customers give, and in the
vocabulary whose codes are shown as words.
"""

import ast
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, cast

from babel.messages.extract import extract_from_file
from django.template import Template
from django.template.base import Node
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

import milepost
from milepost.faces.look.stages import PORTAL
from milepost.faces.look.templatetags.look import in_words
from milepost.reactions.letters import compiling
from milepost.way.orders.words import State
from milepost.way.promising import words as promising
from milepost.way.tracking.words import Cause, Kind, Stage

HOUSE = Path(milepost.__file__).parent
CATALOGUES = Path(__file__).parent / "locale"
OURS = {"_": None, "gettext": None}
TEMPLATES = ("faces/portal/templates/portal", "faces/look/templates/look")
PAGES = ("400.html", "403_csrf.html", "404.html", "500.html")
CODE = (
    "faces/portal/*.py", "faces/look/amounts.py", "faces/look/basket.py", "faces/look/questions.py", "faces/look/typed_order.py",
)  # fmt: skip
COMMANDS = (
    "ground/access/links.py", "ground/access/codes.py", "ground/journal/commands.py", "ground/notices/commands/browsers.py",
    "way/cases/offering.py", "way/closeout/commands.py", "way/intake/commands/answer.py", "way/orders/amending.py",
)  # fmt: skip
"""What customers do, and what may be refused to them there."""
DESKS = frozenset({"refused.html", "dialog.html", "empty.html", "pager.html", "progress.html"})
"""Templates of look that only the desk shows."""


def sentences() -> list[str]:
    """All that is said to customers on the portal, each once."""
    return sorted({*_in_templates(), *_in_code(), *_in_refusals(), *vocabulary()} - {""})


def where(language: str) -> Path:
    """The catalogue of a language."""
    return CATALOGUES / language / "LC_MESSAGES" / "django.po"


def bring_up_to_date() -> dict[str, int]:
    """Renew all catalogues and compile them; how many sentences of each language are without translation."""
    return compiling.keep(sentences(), where, of="portal")


def vocabulary() -> Iterator[str]:
    """Codes that stand on the portal as words."""
    codes: Iterable[str] = (*State, *PORTAL, *Kind, *Stage, *Cause, *promising.Cause)
    yield from (in_words(code) for code in codes)
    usual = tomllib.loads((HOUSE / "ground/procedures/defaults/promising.toml").read_text(encoding="utf-8"))
    yield from (in_words(name) for name in usual["services"])


def _in_templates() -> Iterator[str]:
    paths = [
        path for folder in TEMPLATES for path in sorted((HOUSE / folder).rglob("*.html")) if path.name not in DESKS
    ]
    paths += [HOUSE / "faces/look/templates" / name for name in PAGES]
    for path in paths:
        nodes = Template(path.read_text(encoding="utf-8")).nodelist
        for node in nodes.get_nodes_by_type(TranslateNode):
            yield str(_literal(node))
        for block in nodes.get_nodes_by_type(BlockTranslateNode):
            yield cast(BlockTranslateNode, block).render_token_list(cast(BlockTranslateNode, block).singular)[0]


def _literal(node: Node) -> object:
    """What stands between the quotes of {% translate "..." %}."""
    return cast(Any, node).filter_expression.var.literal


def _in_code() -> Iterator[str]:
    for path in _code():
        for _, message, _, _ in extract_from_file("python", path, keywords=OURS):
            yield str(message)


def _code() -> list[Path]:
    return [path for pattern in CODE for path in sorted(HOUSE.glob(pattern))]


def _in_refusals() -> Iterator[str]:
    for path in [*_code(), *(HOUSE / name for name in COMMANDS)]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refusal":
                for said in node.keywords:
                    if said.arg in ("says", "do") and isinstance(said.value, ast.Constant):
                        yield str(said.value.value)
