"""A message as it travels, unwrapped: who wrote, what stands in it as text, and which files came with it."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parseaddr

from milepost.plugs.inboxes.mail.markup import Shown, shown
from milepost.way.intake.reading import Attached

HARMLESS_TYPES = frozenset({
    "text/vcard", "text/x-vcard", "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature",
    "application/pgp-keys",
})  # fmt: skip
SEALED = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")
_SAME_WIDTH = str.maketrans(
    dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u202f\u3000", " ") | dict.fromkeys("\u2010\u2011\u2012\u2212", "-")
)
_UNSEEN = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad\u202a-\u202e\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message. `text` is what is read; `other` the same in HTML or plain text, if it came in both forms."""

    headers: Message
    sender: str
    name: str
    subject: str
    message_id: str
    text: str
    other: str = ""
    struck: bool = False
    hidden: bool = False
    attachments: tuple[Attached, ...] = ()
    enclosed: bool = False
    encrypted: bool = False

    def header(self, name: str) -> str:
        """A header's text, decoded; empty when there is none."""
        return header_text(self.headers, name)


def unwrap(raw: bytes) -> Letter:
    """Take a message apart. Never raises for what it was sent."""
    message = parsed(raw)
    plains, pages, attached, enclosed = _parts(message)
    page = [shown(html) for html in pages]
    text, other = _texts(plains, page)
    name, address = parseaddr(header_text(message, "From"))
    return Letter(
        headers=message, sender=address.strip().lower(), name=name.strip(), subject=header_text(message, "Subject"),
        message_id=header_text(message, "Message-ID"), text=text, other=other,
        struck=any(one.struck for one in page), hidden=any(one.hidden for one in page),
        attachments=tuple(attached), enclosed=enclosed, encrypted=message.get_content_type() in SEALED,
    )  # fmt: skip


def parsed(raw: bytes) -> Message:
    """A message as its parts; whatever it is."""
    return message_from_bytes(raw, policy=policy.compat32)


def addresses(message: Message, *names: str) -> list[str]:
    """All addresses of these headers, in lower case."""
    found = getaddresses([header_text(message, name) for name in names])
    return [address.strip().lower() for _, address in found if address]


def header_text(message: Message, name: str) -> str:
    """A header as people read it, whatever its encoding."""
    text = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
    try:
        text = text.encode("ascii", "surrogateescape").decode("utf-8")
    except UnicodeError:
        text = text.encode("utf-8", "replace").decode("utf-8")
    with suppress(LookupError, UnicodeError, ValueError):
        text = str(make_header(decode_header(text)))
    return " ".join(clean(text).split())


def _parts(message: Message) -> tuple[list[str], list[str], list[Attached], bool]:
    plains: list[str] = []
    pages: list[str] = []
    attached: list[Attached] = []
    enclosed = False
    for part in _leaves(message):
        kind = part.get_content_type()
        if part.is_multipart() or kind.startswith("message/"):
            enclosed = True
        elif _is_file(part):
            if not _is_ornament(part, kind):
                attached.append(Attached(name=file_name(part), content_type=kind, body=_bytes(part)))
        elif kind == "text/html":
            pages.append(_text(part))
        elif kind == "text/plain":
            plains.append(_text(part))
        elif not _is_ornament(part, kind):
            attached.append(Attached(name=file_name(part), content_type=kind, body=_bytes(part)))
    return plains, pages, attached, enclosed


def _leaves(message: Message) -> Iterator[Message]:
    """The parts of a message; an enclosed message is a part of its own and not looked into."""
    if message.is_multipart() and message.get_content_maintype() == "multipart":
        for part in message.get_payload():
            if isinstance(part, Message):
                yield from _leaves(part)
    else:
        yield message


def _is_file(part: Message) -> bool:
    kind = part.get_content_type()
    inline_text = kind in ("text/plain", "text/html") and not part.get_filename()
    return part.get_content_disposition() == "attachment" or not (kind.startswith("text/") and inline_text)


def _is_ornament(part: Message, kind: str) -> bool:
    """What asks for nothing: signatures, cards, and pictures shown inside the text."""
    inside = part.get_content_disposition() != "attachment" and bool(part.get("Content-ID"))
    return kind in HARMLESS_TYPES or (kind.startswith("image/") and inside)


def file_name(part: Message) -> str:
    """The name under which a file was attached."""
    name = part.get_filename() or ""
    return " ".join(clean(name).split())[:200] or part.get_content_type()


def _bytes(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _text(part: Message) -> str:
    raw = _bytes(part)
    for charset in (part.get_content_charset(), "utf-8", "cp1252"):
        try:
            text = raw.decode(charset or "utf-8")
            break
        except (LookupError, UnicodeDecodeError):
            continue
    else:
        text = raw.decode("latin-1")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _unflowed(text) if part.get_param("format") == "flowed" else text


def _unflowed(text: str) -> str:
    """Lines that end in a blank go on in the next one (RFC 3676)."""
    return re.sub(r"(?<!\n-- )(?<=\S) \n(?=[^>\s])", " ", text)


def clean(text: str) -> str:
    """Text with the many blanks and hyphens as one kind, and without marks that nobody sees."""
    return _UNSEEN.sub("", text.translate(_SAME_WIDTH))


def _texts(plains: list[str], pages: list[Shown]) -> tuple[str, str]:
    """What is read, and its twin in the other form. A page with a table says more than its plain twin."""
    plain = clean("\n".join(plains)).strip("\n")
    html = clean("\n".join(page.text for page in pages)).strip("\n")
    if not plain.strip():
        return html, ""
    return (html, plain) if " | " in html and " | " not in plain else (plain, html)
