"""XML from strangers: no document type, so no entities, nothing fetched, nothing that grows; a bounded tree or a reason."""

from dataclasses import dataclass, field
from xml.parsers import expat

DEEPEST, MOST_NODES = 60, 2_000_000


class NotXml(Exception):
    """The bytes are no XML that we read; says why."""


@dataclass(slots=True)
class Node:
    """An element: its name without namespace, the namespace, attributes, text and children. `line` is where it begins."""

    name: str
    space: str
    attributes: dict[str, str]
    line: int
    text: str = ""
    children: "list[Node]" = field(default_factory=list)

    def all(self, *path: str) -> "list[Node]":
        """All descendants along a path of names."""
        found = [self]
        for name in path:
            found = [child for node in found for child in node.children if child.name == name]
        return found

    def one(self, *path: str) -> "Node | None":
        """The first along a path."""
        return next(iter(self.all(*path)), None)

    def says(self, *path: str) -> str:
        """The text of the first along a path, without space around it; empty where there is none."""
        node = self.one(*path)
        return " ".join(node.text.split()) if node else ""


def tree(body: bytes) -> Node:
    """The root. Raises NotXml, and nothing else, for whatever was sent."""
    builder = _Builder()
    try:
        builder.parser.Parse(body, True)
    except expat.ExpatError as error:
        raise NotXml(str(error)) from None
    except (LookupError, ValueError) as error:
        raise NotXml(f"its encoding is not known here ({error})") from None
    if builder.root is None:
        raise NotXml("it has no element")
    return builder.root


class _Builder:
    def __init__(self) -> None:
        self.root: Node | None = None
        self.open: list[Node] = []
        self.count = 0
        self.parser = expat.ParserCreate(namespace_separator="\n")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._no_doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _no_doctype(self, *_: object) -> None:
        raise NotXml("it declares a document type, which orders have no use for")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if len(self.open) >= DEEPEST or self.count > MOST_NODES:
            raise NotXml("it is too deep or too large")
        space, _, plain = name.rpartition("\n")
        fine = {key.rpartition("\n")[2]: value for key, value in attributes.items()}
        node = Node(plain, space, fine, self.parser.CurrentLineNumber)
        if self.open:
            self.open[-1].children.append(node)
        elif self.root is None:
            self.root = node
        self.open.append(node)

    def _end(self, _: str) -> None:
        self.open.pop()

    def _text(self, text: str) -> None:
        if self.open:
            self.open[-1].text += text
