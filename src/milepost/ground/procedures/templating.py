"""The language of templates: Django's own words for texts, variables, `if`, `for` and `include`, and nothing else.

Django parses it; here it becomes a chain of small functions over plain values, which writes a letter many times faster than
Django's own nodes do, knows at publishing every variable that a template names, and never leaves an empty place for one that is not
there.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.template import Engine, Library, Node, Template, TemplateDoesNotExist, TemplateSyntaxError
from django.template.base import FilterExpression, NodeList, TextNode, Variable, VariableNode
from django.template.defaulttags import CommentNode, ForNode, IfNode, TemplateLiteral
from django.template.loader_tags import IncludeNode

from milepost.ground.procedures.variables import LEFT_TO_RIGHT, NEUTRAL, RECORDS, SINGLE

PARTS = Path(__file__).parent / "parts"
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
Values = dict[str, Any]
Piece = str | Callable[[Values], str]
Say = Callable[[str], str]
MOST_PARTS = 5


class BadTemplate(Exception):
    """A template that cannot be read; says where and why."""


class Missing(Exception):
    """A variable that a template names and that is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a text is set: as HTML or plain, in which direction, with whose words for the fixed words of the parts."""

    html: bool
    language: str = "en"
    say: Say = str

    @property
    def rtl(self) -> bool:
        """Whether the language runs from right to left."""
        return self.language.partition("-")[0] in RIGHT_TO_LEFT


class SayNode(Node):
    """`{% say "each" %}`: a fixed word of a part, in the language of the letter."""

    def __init__(self, word: str) -> None:
        self.word = word


class SideNode(Node):
    """`{% start %}` and `{% end %}`: left or right, as the language runs."""

    def __init__(self, *, start: bool) -> None:
        self.start = start


_library = Library()
_library.filter("dialled", lambda value: value)
_library.tag("say", lambda parser, token: SayNode(token.contents.split(None, 1)[1].strip("\"'")))
_library.tag("start", lambda parser, token: SideNode(start=True))
_library.tag("end", lambda parser, token: SideNode(start=False))


def _engine() -> Engine:
    engine = Engine(dirs=[str(PARTS)], autoescape=False)
    engine.template_builtins.append(_library)
    return engine


_ENGINE = _engine()


@dataclass(slots=True)
class _Scope:
    """What is known while a template is read: the form, the types of names, and what was named."""

    form: Form
    types: dict[str, str]
    named: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    open_tag: bool = False
    in_title: bool = False
    depth: int = 0

    def type_of(self, path: tuple[str, ...]) -> str:
        """The type of what a name leads to; empty where it is not known. Notes what is named and what does not exist."""
        kind = self.types.get(path[0])
        if kind is None:
            self.unknown.add(path[0])
            return ""
        self.named.add(path[0])
        for step in path[1:]:
            fields = RECORDS.get(kind)
            if kind == "any" or not kind:
                return kind
            if fields is None or step not in fields:
                self.unknown.add(".".join(path))
                return ""
            kind = fields[step]
        return kind

    def read_text(self, text: str) -> None:
        """Whether what follows stands inside of a tag or of the title, where no markup can be."""
        if not self.form.html:
            return
        opened, closed = text.rfind("<"), text.rfind(">")
        if opened != closed:
            self.open_tag = opened > closed
        start, end = text.rfind("<title"), text.rfind("</title")
        if start != end:
            self.in_title = start > end


@dataclass(frozen=True, slots=True)
class Compiled:
    """A template as it writes: its pieces, the variables that it names, and the names that nobody knows."""

    pieces: tuple[Piece, ...]
    named: frozenset[str]
    unknown: frozenset[str]

    def write(self, values: Mapping[str, Any]) -> str:
        """The text. Raises Missing for a variable that is not there."""
        return _joined(self.pieces, dict(values))


def compile_text(source: str, form: Form, types: Mapping[str, str]) -> Compiled:
    """A template's source, ready to write. Raises BadTemplate where it is none of our language."""
    scope = _Scope(form, dict(types))
    pieces = _pieces(_parsed(source).nodelist, scope)
    return Compiled(pieces, frozenset(scope.named), frozenset(scope.unknown))


def _parsed(source: str) -> Template:
    try:
        return _ENGINE.from_string(source)
    except (TemplateSyntaxError, TemplateDoesNotExist) as wrong:
        raise BadTemplate(str(wrong)) from wrong


def _joined(pieces: tuple[Piece, ...], values: Values) -> str:
    return "".join([one if type(one) is str else one(values) for one in pieces])  # type: ignore[operator]


def _pieces(nodes: NodeList, scope: _Scope) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for node in nodes:
        for piece in _of_node(node, scope):
            if isinstance(piece, str) and pieces and isinstance(pieces[-1], str):
                pieces[-1] += piece
            elif piece != "":
                pieces.append(piece)
    return tuple(pieces)


def _of_node(node: Node, scope: _Scope) -> Iterator[Piece]:
    match node:
        case TextNode():
            scope.read_text(node.s)
            yield node.s
        case VariableNode():
            yield _variable(node.filter_expression, scope)
        case IfNode():
            yield _if(node, scope)
        case ForNode():
            yield _for(node, scope)
        case IncludeNode():
            yield from _include(node, scope)
        case SayNode():
            word = scope.form.say(node.word)
            yield escape(word) if scope.form.html else word
        case SideNode():
            yield "left" if node.start != scope.form.rtl else "right"
        case CommentNode():
            pass
        case _:
            raise BadTemplate(f"{{% {_tag(node)} %}} is not of the templates' language")


def _tag(node: Node) -> str:
    token = getattr(node, "token", None)
    return str(token.contents.split()[0]) if token else type(node).__name__


def _include(node: IncludeNode, scope: _Scope) -> Iterator[Piece]:
    name: Any = node.template.var
    if scope.depth >= MOST_PARTS or not isinstance(name, str) or node.extra_context or node.isolated_context:
        raise BadTemplate("a part is included by its plain name")
    try:
        part = _ENGINE.get_template(name)
    except TemplateDoesNotExist as none:
        raise BadTemplate(f"there is no part {name}") from none
    scope.depth += 1
    yield from _pieces(part.nodelist, scope)
    scope.depth -= 1


def _variable(expression: FilterExpression, scope: _Scope) -> Piece:
    read, kind = _expression(expression, scope)
    wrap = _wrapping(kind, scope)
    if scope.form.html:
        return lambda values: wrap(escape(str(read(values))))
    return lambda values: wrap(str(read(values)))


def _wrapping(kind: str, scope: _Scope) -> Callable[[str], str]:
    """How a value is kept apart from a text that runs the other way (UAX #9): by isolates, or by markup of its own."""
    if not scope.form.rtl or scope.open_tag or kind not in LEFT_TO_RIGHT | NEUTRAL:
        return _as_it_is
    if scope.form.html and not scope.in_title:
        side = "ltr" if kind in LEFT_TO_RIGHT else "auto"
        return lambda text: f'<bdi dir="{side}" style="unicode-bidi:isolate;">{text}</bdi>' if text else text
    opening = "\u2066" if kind in LEFT_TO_RIGHT else "\u2068"
    return lambda text: f"{opening}{text}\u2069" if text else text


def _as_it_is(text: str) -> str:
    return text


def _expression(expression: FilterExpression, scope: _Scope) -> tuple[Callable[[Values], Any], str]:
    read, kind = _read(expression.var, scope)
    for function, arguments in expression.filters:
        name = getattr(function, "_filter_name", "")
        if name not in _FILTERS:
            raise BadTemplate(f"there is no filter {name}")
        given = [value for is_variable, value in arguments if not is_variable]
        read, kind = _filtered(read, _FILTERS[name], given), "number" if name == "length" else "link"
    return read, kind


def _filtered(read: Callable[[Values], Any], change: Callable[..., Any], given: list[Any]) -> Callable[[Values], Any]:
    return lambda values: change(read(values), *given)


_FILTERS: Mapping[str, Callable[..., Any]] = {
    "length": len,
    "urlencode": lambda value, safe="/": quote(str(value), safe=safe),
    "dialled": lambda value: "".join(c for c in str(value) if c.isdigit() or c == "+"),
}


def _read(variable: Any, scope: _Scope) -> tuple[Callable[[Values], Any], str]:
    if not isinstance(variable, Variable):
        return (lambda values: variable), "text"
    if variable.lookups is None:
        literal = variable.literal
        return (lambda values: literal), "text"
    path = tuple(variable.lookups)
    if any(step.startswith("_") for step in path):
        raise BadTemplate(f"{'.'.join(path)} is no name")
    kind = scope.type_of(path)
    if len(path) == 1:
        return _reader(path[0]), kind
    return _deep_reader(path), kind


def _reader(name: str) -> Callable[[Values], Any]:
    def read(values: Values) -> Any:
        try:
            return values[name]
        except KeyError:
            raise Missing(name) from None

    return read


def _deep_reader(path: tuple[str, ...]) -> Callable[[Values], Any]:
    first, *rest = path

    def read(values: Values) -> Any:
        try:
            value = values[first]
            for step in rest:
                value = value[step] if type(value) is dict else getattr(value, step)
        except (KeyError, AttributeError):
            raise Missing(".".join(path)) from None
        return value

    return read


def _if(node: IfNode, scope: _Scope) -> Callable[[Values], str]:
    ways = []
    before = (scope.open_tag, scope.in_title)
    for condition, nodes in node.conditions_nodelists:
        test = _condition(condition, scope) if condition is not None else _always
        scope.open_tag, scope.in_title = before
        ways.append((test, _pieces(nodes, scope)))

    def write(values: Values) -> str:
        for test, pieces in ways:
            if test(values):
                return _joined(pieces, values)
        return ""

    return write


def _always(values: Values) -> bool:
    return True


def _condition(condition: Any, scope: _Scope) -> Callable[[Values], Any]:
    if isinstance(condition, TemplateLiteral):
        literal: Any = condition.value
        return _expression(literal, scope)[0]
    operator = str(condition.id)
    first = _condition(condition.first, scope)
    if operator == "not":
        return lambda values: not first(values)
    if operator not in _OPERATORS:
        raise BadTemplate(f"{operator} is not of the templates' language")
    second, decide = _condition(condition.second, scope), _OPERATORS[operator]
    return lambda values: decide(first, second, values)


Reader = Callable[[Values], Any]
_OPERATORS: Mapping[str, Callable[[Reader, Reader, Values], Any]] = {
    "and": lambda first, second, values: first(values) and second(values),
    "or": lambda first, second, values: first(values) or second(values),
    "==": lambda first, second, values: first(values) == second(values),
    "!=": lambda first, second, values: first(values) != second(values),
    ">": lambda first, second, values: first(values) > second(values),
    "<": lambda first, second, values: first(values) < second(values),
}


def _for(node: ForNode, scope: _Scope) -> Callable[[Values], str]:
    names, sequence, inside, otherwise = _loop(node)
    if len(names) != 1 or node.is_reversed:
        raise BadTemplate("for takes one name and one list")
    (name,) = names
    read, kind = _expression(sequence, scope)
    outer = dict(scope.types)
    element = "text" if kind == "texts" else kind if kind in RECORDS and kind not in SINGLE else "any"
    scope.types |= {name: element, "forloop": "any"}
    pieces, empty = _pieces(inside, scope), _pieces(otherwise, scope)
    scope.types = outer
    scope.named.discard(name)
    scope.named.discard("forloop")

    def write(values: Values) -> str:
        items = list(read(values))
        if not items:
            return _joined(empty, values)
        inner = dict(values)
        written = []
        for place, item in enumerate(items):
            inner[name] = item
            inner["forloop"] = {"counter": place + 1, "first": place == 0, "last": place == len(items) - 1}
            written.append(_joined(pieces, inner))
        return "".join(written)

    return write


def _loop(node: Any) -> tuple[list[str], FilterExpression, NodeList, NodeList]:
    """Django's own parts of a loop, which its types know too loosely."""
    return list(node.loopvars), node.sequence, node.nodelist_loop, getattr(node, "nodelist_empty", None) or NodeList()


def tidy(text: str) -> str:
    """No blanks at the ends of lines, never two empty lines in a row."""
    return _GAPS.sub("\n\n", _ENDS.sub("\n", text)).strip() + "\n"


_ENDS = re.compile(r"[ \t\r\f\v]+\n")
_GAPS = re.compile(r"\n{3,}")
