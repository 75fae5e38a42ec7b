"""Letters as Internet messages: text and HTML side by side (RFC 2046), with the headers that automatic mail should have.

Built of the standard library's plain MIME parts: its newer header classes take most of a millisecond a message.
"""

from collections.abc import Iterator
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import Message as Part
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import SMTP, compat32
from email.utils import format_datetime, formataddr
from typing import Any

from milepost.ground.notices.words import Letter, Message

LONGEST_LINE = 900  # of the 998 that RFC 5322 allows
WIRE = compat32.clone(linesep="\r\n", max_line_length=SMTP.max_line_length)


def internet_message(message: Message, *, sent_from: str, brand: str, reply_to: str, now: datetime) -> bytes:
    """The message as bytes for DATA. Raises ValueError for an address that is none.

    The Message-ID is made of our reference alone, so a second copy of a message has the same. `Auto-Submitted` keeps other
    machines from answering (RFC 3834); `List-Unsubscribe` stands only on letters that carry one (RFC 8058), for nobody
    unsubscribes from their own order.
    """
    mail = MIMEMultipart("alternative", boundary=f"={message.reference}=", policy=WIRE)
    for name, value in _headers(message, sent_from=sent_from, brand=brand, reply_to=reply_to, now=now):
        mail[name] = value
    mail.attach(_part(message.letter.text, "plain"))
    mail.attach(_part(message.letter.html, "html"))
    return mail.as_bytes(policy=WIRE)


def _headers(
    message: Message, *, sent_from: str, brand: str, reply_to: str, now: datetime
) -> Iterator[tuple[str, Any]]:
    letter, domain = message.letter, sent_from.rpartition("@")[2]
    yield "From", _person(brand, sent_from)
    yield "To", _person(letter.name, recipient(letter).addr_spec)
    yield "Reply-To", _person(brand, reply_to)
    yield "Subject", _words(letter.subject)
    yield "Date", format_datetime(now)
    yield "Message-ID", f"<{message.reference}@{domain}>"
    if letter.thread:
        yield "References", f"<{_one_line(letter.thread)}@{domain}>"
    yield "Auto-Submitted", "auto-generated"
    yield "X-Auto-Response-Suppress", "All"
    yield "Content-Language", _one_line(letter.language)
    if letter.unsubscribe:
        yield "List-Unsubscribe", f"<{_one_line(letter.unsubscribe)}>"
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"


def recipient(letter: Letter) -> Address:
    """The address, its domain in ASCII. Raises ValueError for an address that is none."""
    local, at, domain = letter.address.strip().rpartition("@")
    if not (local and at and domain) or any(c.isspace() or not c.isprintable() for c in local + domain):
        raise ValueError("not an e-mail address")
    return Address(username=local, domain=domain if domain.isascii() else domain.encode("idna").decode())


def _person(name: str, address: str) -> str:
    """A name and an address. An address of other letters stands alone and goes as it is, in UTF-8 (RFC 6532)."""
    if address.isascii():
        return formataddr((_one_line(name), address))
    return address.encode().decode("ascii", "surrogateescape")


def _words(text: str) -> str | Header:
    line = _one_line(text)
    return line if line.isascii() else Header(line, "utf-8", header_name="Subject")


def _one_line(text: str) -> str:
    """Nothing in a value can begin another header."""
    return "".join(c if c.isprintable() else " " for c in " ".join(text.split()))


def _part(text: str, subtype: str) -> Part:
    """Plain where it can be read on the wire; base64 elsewhere, which is quick to make and safe on every way."""
    plain = text.isascii() and all(len(line) < LONGEST_LINE for line in text.splitlines())
    part = MIMENonMultipart("text", subtype, charset="us-ascii" if plain else "utf-8", policy=WIRE)
    if plain:
        part["Content-Transfer-Encoding"] = "7bit"
        part.set_payload(text)
    else:
        part.set_payload(text.encode(), "utf-8")
    return part
