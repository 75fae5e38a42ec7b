"""HTML as the text that a reader would see, tables row by row with `|` between the cells."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

BLOCKS = frozenset({
    "p", "div", "br", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "section",
    "article", "header", "footer", "hr", "pre", "dl", "dt", "dd", "address",
})  # fmt: skip
CHOICES = frozenset({"select", "option", "textarea", "details", "button"})
APART = frozenset({"sup", "sub", "rt", "rp"})
UNSEEN = frozenset({"style", "script", "head", "title", "template", "noscript"})
STRUCK = frozenset({"s", "strike", "del"})
VOID = frozenset({"br", "img", "hr", "meta", "link", "input", "col", "area", "base", "wbr", "source"})
HIDING = (
    "display:none", "visibility:hidden", "font-size:0", "font-size:1px", "opacity:0", "mso-hide:all", "color:#fff", "color:white",
    "max-height:0",
)  # fmt: skip
OFF_SCREEN = re.compile(r"(?<![\w-])(?:left|top|text-indent):-\d{3,}")
PALE = re.compile(
    r"(?<![\w-])color:(?:#[ef][0-9a-f][ef][0-9a-f][ef][0-9a-f]\b|#[ef]{3}\b|white|snow|ivory|rgba?\(2[345]\d,2[345]\d,2[345]\d)"
)
QUOTES = ("gmail_quote", "moz-cite-prefix", "yahoo_quoted", "protonmail_quote", "outlookmessageheader")
QUOTE_MARK = "> "


@dataclass
class Shown:
    """What is seen of a page, and what it hides."""

    text: str = ""
    struck: bool = False
    hidden: bool = False


@dataclass
class _Open:
    """An element that is open, and what it does to the text inside."""

    tag: str
    silent: bool = False
    hidden: bool = False
    struck: bool = False
    quote: bool = False


@dataclass
class _Page(HTMLParser):
    """Collects lines; text inside a quotation gets the mark that quotations have in plain mail."""

    lines: list[str] = field(default_factory=lambda: [""])
    stack: list[_Open] = field(default_factory=list)
    shown: Shown = field(default_factory=Shown)
    cells: int = 0
    apart: bool = False

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("td", "th"):
            self._cell()
        elif tag in BLOCKS:
            self._break(tag)
        self.apart |= tag in APART
        if tag not in VOID:
            self.stack.append(_opened(tag, {name: (value or "").lower() for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS and tag != "br":
            self._break(tag)
        self.apart |= tag in APART
        for place in range(len(self.stack) - 1, -1, -1):
            if self.stack[place].tag == tag:
                del self.stack[place:]
                break

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if any(one.silent for one in self.stack):
            if any(one.tag == "style" for one in self.stack):
                self._styled(data.lower().replace(" ", ""))
            return
        if not words or self.apart:
            self._space()
            self.apart = False
        if not words:
            return
        if any(one.hidden for one in self.stack):
            self.shown.hidden = True
            return
        self.shown.struck |= any(one.struck for one in self.stack)
        lead = " " if data[:1].isspace() and self.lines[-1] and not self.lines[-1].endswith(" ") else ""
        if not self.lines[-1] and any(one.quote for one in self.stack):
            self.lines[-1] = QUOTE_MARK
        self.lines[-1] += lead + words + (" " if data[-1:].isspace() else "")

    def _space(self) -> None:
        """Blanks between elements part words: "<b>5</b> <b>0</b>" is not 50. Nor is a number with a note above it one number."""
        if self.lines[-1] and not self.lines[-1].endswith(" "):
            self.lines[-1] += " "

    def _styled(self, rules: str) -> None:
        """A style sheet may hide or strike out anything: we do not reckon what."""
        self.shown.struck |= "line-through" in rules
        self.shown.hidden |= any(one in rules for one in HIDING[:2])

    def _cell(self) -> None:
        if self.cells:
            self.lines[-1] = self.lines[-1].rstrip() + " | "
        self.cells += 1

    def _break(self, tag: str) -> None:
        inside_cell = any(one.tag in ("td", "th") for one in self.stack)
        if tag == "tr":
            self.cells = 0
        if inside_cell and tag not in ("tr", "table"):
            self.lines[-1] = self.lines[-1].rstrip() + (" " if self.lines[-1].strip() else "")
        elif self.lines[-1].strip() or tag == "br":
            self.lines.append("")
        if (
            tag in ("p", "ul", "ol", "table")
            and not inside_cell
            and self.lines[-1:] == [""]
            and self.lines[-2:-1] != [""]
        ):
            self.lines.append("")


def _opened(tag: str, attributes: dict[str, str]) -> _Open:
    style = attributes.get("style", "").replace(" ", "")
    about = f"{attributes.get('class', '')} {attributes.get('id', '')}"
    return _Open(
        tag,
        silent=tag in UNSEEN,
        hidden="hidden" in attributes or tag in CHOICES or _hides(style, attributes.get("color", "")),
        struck=tag in STRUCK or "line-through" in style,
        quote=tag == "blockquote" or any(one in about for one in QUOTES),
    )


def _hides(style: str, color: str) -> bool:
    pale = PALE.search(f"{style};color:{color.replace(' ', '')}") is not None
    return pale or OFF_SCREEN.search(style) is not None or any(one in style for one in HIDING)


def shown(html: str) -> Shown:
    """What a reader sees of a page of HTML."""
    page = _Page()
    page.feed(html)
    page.close()
    lines: list[str] = []
    for line in (line.rstrip() for line in page.lines):
        if line or (lines and lines[-1]):
            lines.append(line)
    page.shown.text = "\n".join(lines).strip("\n")
    return page.shown
