"""Letters as Internet messages: text and HTML side by side (RFC 2046), with the headers that automatic mail should have."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from milepost.ground.notices.words import Letter, Message

LONGEST_LINE = 900  # of the 998 that RFC 5322 allows


def internet_message(
    message: Message, *, sent_from: str, brand: str, reply_to: str, now: datetime, utf8: bool = False
) -> bytes:
    """The message as bytes for DATA. Raises ValueError for an address that is none.

    The Message-ID is made of our reference alone, so a second copy of a message has the same. `Auto-Submitted` keeps other
    machines from answering (RFC 3834); `List-Unsubscribe` stands only on letters that carry one (RFC 8058), for nobody
    unsubscribes from their own order.
    """
    letter, domain = message.letter, sent_from.rpartition("@")[2]
    mail = EmailMessage(policy=_UTF8 if utf8 else SMTP)
    mail["From"] = Address(display_name=brand, addr_spec=sent_from)
    mail["To"] = recipient(letter)
    mail["Reply-To"] = Address(display_name=brand, addr_spec=reply_to)
    mail["Subject"] = " ".join(letter.subject.split())
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message.reference}@{domain}>"
    if letter.thread:
        mail["References"] = f"<{letter.thread}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["Content-Language"] = letter.language
    if letter.unsubscribe:
        mail["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(letter.text, cte=_encoding(letter.text))
    mail.add_alternative(letter.html, subtype="html", cte=_encoding(letter.html))
    return mail.as_bytes()


def recipient(letter: Letter) -> Address:
    """To whom, with the name in its place. Raises ValueError for an address that is none."""
    local, at, domain = letter.address.strip().rpartition("@")
    if not (local and at and domain) or any(c.isspace() for c in local + domain):
        raise ValueError("not an e-mail address")
    ascii_domain = domain if domain.isascii() else domain.encode("idna").decode()
    return Address(display_name=" ".join(letter.name.split()), username=local, domain=ascii_domain)


_UTF8 = SMTP.clone(utf8=True)


def _encoding(text: str) -> str:
    """Plain where it can be read on the wire; base64 elsewhere, which is quick to make and safe on every way."""
    plain = text.isascii() and all(len(line) < LONGEST_LINE for line in text.splitlines())
    return "7bit" if plain else "base64"
