"""What was written now, and what was only quoted: the two parts of a message in a thread."""

import re
from dataclasses import dataclass

from milepost.plugs.inboxes.mail.vocabulary import plain, vocabulary

RULE = re.compile(r"^[\s>]*[_\-=*]{5,}\s*$")
PASSED_ON = ("forwarded", "weitergeleitet", "transféré", "reenviado", "encaminhada", "inoltrato", "doorgestuurd")
PREFIX = re.compile(r"^\s*(\w{1,6})(?:\[\d+\])?\s*:\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text and where it stands."""

    start: int
    text: str

    @property
    def end(self) -> int:
        """The place after its last character."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Thread:
    """The newest lines and those that were quoted. `forwarded`: what counts may be somebody else's words. `mixed`: new words stand
    between or below quoted ones."""

    newest: tuple[Line, ...]
    quoted: tuple[Line, ...]
    forwarded: bool = False
    mixed: bool = False


def lines_of(text: str) -> list[Line]:
    """The lines of a text with their places."""
    found, start = [], 0
    for line in text.split("\n"):
        found.append(Line(start, line))
        start += len(line) + 1
    return found


def part(text: str, subject: str) -> Thread:
    """Part a message into what is new and what is quoted."""
    newest: list[Line] = []
    quoted: list[Line] = []
    below = forwarded = mixed = False
    lines = lines_of(text)
    for place, line in enumerate(lines):
        if not below and _begins_quote(lines, place):
            below = True
            forwarded |= _is_forward_mark(line.text)
        is_quoted = below or line.text.lstrip().startswith(">")
        mixed |= bool(quoted) and not is_quoted and bool(line.text.strip())
        mixed |= below and bool(quoted) and _answers_below(lines, place)
        (quoted if is_quoted else newest).append(line)
    return Thread(tuple(newest), tuple(quoted), forwarded or is_forward(subject), mixed)


def is_reply(subject: str) -> bool:
    """Whether a subject says that this answers something."""
    found = PREFIX.match(subject)
    return found is not None and found[1].lower() in vocabulary().threads["replies"]


def is_forward(subject: str) -> bool:
    """Whether a subject says that this was passed on."""
    found = PREFIX.match(subject)
    return found is not None and found[1].lower() in vocabulary().threads["forwards"]


def bare_subject(subject: str) -> str:
    """The subject without its Re:, AW:, ..."""
    while (found := PREFIX.match(subject)) is not None:
        if found[1].lower() not in vocabulary().threads["replies"] | vocabulary().threads["forwards"]:
            break
        subject = subject[found.end() :]
    return subject


def _begins_quote(lines: list[Line], place: int) -> bool:
    text = lines[place].text.strip()
    return bool(text) and (_introduces(lines, place) or _is_original_mark(text) or _is_header_block(lines, place))


def _introduces(lines: list[Line], place: int) -> bool:
    """ "On Monday Ada wrote:", perhaps broken over two lines."""
    text = lines[place].text.strip().lower()
    following = next((line.text.strip().lower() for line in lines[place + 1 : place + 2]), "")
    wrote = vocabulary().threads["wrote"]
    here = any(text.endswith(word) or (f"{word} " in text and text.endswith(":")) for word in wrote)
    dated = len(text) > 10 and any(c.isdigit() for c in text)
    return here or (dated and len(following) < 60 and any(following.endswith(word) for word in wrote))


def _is_original_mark(text: str) -> bool:
    return (
        plain(text) in vocabulary().threads["originals"]
        or plain(text.strip("-_ ")) in vocabulary().threads["originals"]
    )


def _is_forward_mark(text: str) -> bool:
    return any(word in text.lower() for word in PASSED_ON)


def _is_header_block(lines: list[Line], place: int) -> bool:
    """A rule, or nothing, and then "From: … Sent: …" as Outlook quotes."""
    names = []
    at = place + 1 if RULE.match(lines[place].text) else place
    for line in lines[at : at + 3]:
        name, colon, _ = line.text.strip().strip("*").partition(":")
        names.append(plain(name) if colon else "")
    threads = vocabulary().threads
    return bool(names) and names[0] in threads["from"] and any(name in threads["sent"] for name in names[1:])


def _answers_below(lines: list[Line], place: int) -> bool:
    """Below "> " lines there is text that is no longer quoted: an answer between the lines."""
    before = lines[place - 1].text.lstrip() if place else ""
    text = lines[place].text.strip()
    return before.startswith(">") and bool(text) and not text.startswith(">")
