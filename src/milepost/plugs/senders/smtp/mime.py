"""Letters as Internet messages: text and HTML side by side (RFC 2046), with the headers that automatic mail should have.

The bytes are joined here: the standard library's generators take half a millisecond a message, most of the cost of sending one.
What needs care, encoded words and addresses, stays with the library.
"""

import re
from binascii import b2a_base64
from collections.abc import Iterator
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.utils import encode_rfc2231, format_datetime, formataddr
from functools import lru_cache

from milepost.ground.notices.words import Attachment, Letter, Message

LONGEST_LINE = 900  # of the 998 that RFC 5322 allows
BASE64_LINE = 76  # RFC 2045
NEW_LINE = b"\r\n"


def internet_message(message: Message, *, sent_from: str, brand: str, reply_to: str, now: datetime) -> bytes:
    """The message as bytes for DATA. Raises ValueError for an address that is none.

    The Message-ID is made of our reference alone, so a second copy of a message has the same. `Auto-Submitted` keeps other
    machines from answering (RFC 3834); `List-Unsubscribe` stands only on letters that carry one (RFC 8058), for nobody
    unsubscribes from their own order.
    """
    headers = [
        f"{name}: {value}".encode("utf-8", "surrogateescape")
        for name, value in _headers(message, sent_from=sent_from, brand=brand, reply_to=reply_to, now=now)
    ]
    letter, bound = message.letter, f"={message.reference}="
    parts = [_words_in(letter.text, "plain")]
    if letter.html:
        parts.append(_words_in(letter.html, "html"))
    body = _several("alternative", bound, parts)
    if letter.attachments:
        body = _several("mixed", f"=+{message.reference}=", [body, *map(_file, letter.attachments)])
    return NEW_LINE.join([*headers, body])


def _several(kind: str, bound: str, parts: list[bytes]) -> bytes:
    """Parts under one head, each with its own."""
    edge = f"--{bound}".encode()
    head = f'Content-Type: multipart/{kind}; boundary="{bound}"\r\nMIME-Version: 1.0\r\n'.encode()
    return NEW_LINE.join([head, *(line for part in parts for line in (edge, part)), edge + b"--", b""])


def _words_in(text: str, subtype: str) -> bytes:
    """Plain where it can be read on the wire; base64 elsewhere, which is quick to make and safe on every way."""
    plain = text.isascii() and all(len(line) < LONGEST_LINE for line in text.splitlines())
    charset, encoding = ("us-ascii", "7bit") if plain else ("utf-8", "base64")
    head = (
        f'Content-Type: text/{subtype}; charset="{charset}"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'.encode()
    )
    return head + (_lines(text.encode()) if plain else _base64(text.encode()))


def _lines(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", NEW_LINE)


def _base64(data: bytes) -> bytes:
    whole = b2a_base64(data, newline=False)
    lines = [whole[start : start + BASE64_LINE] for start in range(0, len(whole), BASE64_LINE)]
    return NEW_LINE.join([*lines, b""])


def _file(attachment: Attachment) -> bytes:
    kind, name = _one_line(attachment.content_type), _one_line(attachment.name) or "attachment"
    ascii_name = name.replace("\\", "_").replace('"', "_")
    called = f'filename="{ascii_name}"' if name.isascii() else f"filename*={encode_rfc2231(name, 'utf-8')}"
    head = (
        f"Content-Type: {kind or 'application/octet-stream'}\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: attachment; {called}\r\n\r\n"
    )
    return head.encode("ascii", "replace") + _base64(attachment.data)


def _headers(
    message: Message, *, sent_from: str, brand: str, reply_to: str, now: datetime
) -> Iterator[tuple[str, str]]:
    letter, domain = message.letter, sent_from.rpartition("@")[2]
    yield "From", _person(brand, sent_from)
    yield "To", _person(letter.name, recipient(letter).addr_spec)
    yield "Reply-To", _person(brand, reply_to)
    yield "Subject", _words(letter.subject)
    yield "Date", format_datetime(now)
    yield "Message-ID", f"<{message.reference}@{domain}>"
    yield from _thread(letter, domain)
    yield "Auto-Submitted", "auto-generated"
    yield "X-Auto-Response-Suppress", "All"
    yield "Content-Language", _one_line(letter.language)
    if letter.unsubscribe:
        yield "List-Unsubscribe", f"<{_one_line(letter.unsubscribe)}>"
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"


def _thread(letter: Letter, domain: str) -> Iterator[tuple[str, str]]:
    """What it belongs to and what it answers (RFC 5322, 3.6.4); a name that is none, as some programs write, is left out."""
    theirs = letter.answers if _MESSAGE_ID.fullmatch(letter.answers) else ""
    ours = f"<{_one_line(letter.thread)}@{domain}>" if letter.thread else ""
    if theirs:
        yield "In-Reply-To", theirs
    if ours or theirs:
        yield "References", " ".join(filter(None, (ours, theirs)))


_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{3,250}>")


def recipient(letter: Letter) -> Address:
    """The address, its domain in ASCII. Raises ValueError for an address that is none."""
    local, at, domain = letter.address.strip().rpartition("@")
    if not (local and at and domain) or " " in local + domain or not (local + domain).isprintable():
        raise ValueError("not an e-mail address")
    return Address(username=local, domain=domain if domain.isascii() else domain.encode("idna").decode())


@lru_cache(maxsize=1024)
def _person(name: str, address: str) -> str:
    """A name and an address. An address of other letters stands alone and goes as it is, in UTF-8 (RFC 6532)."""
    return formataddr((_one_line(name), address)) if address.isascii() else address


def _words(text: str) -> str:
    line = _one_line(text)
    if line.isascii() and len(line) < LONGEST_LINE:
        return line
    return Header(line, "utf-8", header_name="Subject").encode(linesep="\r\n")


def _one_line(text: str) -> str:
    """Nothing in a value can begin another header."""
    if text.isprintable():
        return text.strip()
    return "".join(c if c.isprintable() else " " for c in " ".join(text.split()))
