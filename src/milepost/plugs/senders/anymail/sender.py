"""Hand e-mail to a provider by its API, through django-anymail; ask those that can be asked.

Our reference goes as metadata and in the Message-ID, so that a second copy would bear the same, and what the provider reports
names it.
"""

import re
import threading
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
import requests
from anymail.exceptions import (
    AnymailAPIError,
    AnymailError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
    AnymailUnsupportedFeature,
)
from django.core.mail import EmailMultiAlternatives

from milepost.ground.notices.ports import Lanes
from milepost.ground.notices.words import Answer, Letter, Message, Outcome, Question, Result
from milepost.plugs.senders import calls
from milepost.plugs.senders.anymail.asking import ASKED
from milepost.plugs.senders.anymail.providers import backend
from milepost.plugs.senders.smtp.mime import recipient

REFUSED = frozenset({"rejected", "failed", "invalid"})
TAKEN = frozenset({"queued", "sent"})
CONNECTS = (requests.ConnectTimeout, requests.exceptions.InvalidURL, requests.exceptions.MissingSchema)


@dataclass(frozen=True, kw_only=True)
class AnymailSender:
    """Serves e-mail by one provider. `settings` are its keys as anymail names them."""

    provider: str
    settings: Mapping[str, str] = field(repr=False)
    sent_from: str
    brand: str
    reply_to: str
    clock: Callable[[], datetime]
    connections: int = calls.CONNECTIONS
    timeout: float = calls.TIMEOUT
    transport: httpx.BaseTransport | None = field(default=None, repr=False)
    channel: str = "email"
    _local: threading.local = field(default_factory=threading.local, repr=False)

    @property
    def name(self) -> str:
        """The provider's."""
        return self.provider

    def send(self, messages: Sequence[Message], lanes: Lanes) -> None:
        """A call for each message, on a connection for each thread."""
        calls.each(messages, lanes, self._say, flaw=_flaw, connections=self.connections)

    def lookup(self, references: Sequence[str]) -> Mapping[str, Answer]:
        """Providers are asked with more than the reference; see `ask`."""
        return dict.fromkeys(references, Answer.CANNOT_TELL)

    def ask(self, questions: Sequence[Question]) -> Mapping[str, Answer]:
        """Whether the provider knows of a message with our reference; of most nobody can be asked."""
        asked = ASKED.get(self.provider)
        if asked is None:
            return {one.reference: Answer.CANNOT_TELL for one in questions}
        with httpx.Client(timeout=self.timeout, transport=self.transport) as client:
            return {
                one.reference: asked(client, self.settings, one, self._message_id(one.reference)) for one in questions
            }

    def _say(self, message: Message) -> Outcome:
        mail = self._mail(message)
        try:
            self._backend().send_messages([mail])
        except (AnymailRecipientsRefused, AnymailInvalidAddress) as refused:
            return Outcome(result=Result.REFUSED, detail=type(refused).__name__, stops=True)
        except AnymailUnsupportedFeature as unsupported:
            return Outcome(result=Result.REFUSED, detail=type(unsupported).__name__)
        except AnymailError as error:
            return _outcome(error)
        return _as_told(mail)

    def _backend(self) -> Any:
        if not hasattr(self._local, "backend"):
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", message="django-anymail has dropped official support")
                self._local.backend = backend(self.provider, self.settings, timeout=self.timeout)
                self._local.backend.open()
        return self._local.backend

    def _mail(self, message: Message) -> EmailMultiAlternatives:
        letter = message.letter
        mail = EmailMultiAlternatives(
            subject=" ".join(letter.subject.split()), body=letter.text, from_email=_person(self.brand, self.sent_from),
            to=[_person(letter.name, recipient(letter).addr_spec)], reply_to=[_person(self.brand, self.reply_to)],
            headers=self._headers(message.reference, letter),
        )  # fmt: skip
        if letter.html:
            mail.attach_alternative(letter.html, "text/html")
        for one in letter.attachments:
            mail.attach(one.name, one.data, one.content_type.partition(";")[0].strip())
        mail.metadata = {"reference": message.reference}  # type: ignore[attr-defined]
        return mail

    def _headers(self, reference: str, letter: Letter) -> dict[str, str]:
        domain = self.sent_from.rpartition("@")[2]
        headers = {
            "Message-ID": self._message_id(reference), "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All", "Content-Language": letter.language,
        }  # fmt: skip
        if letter.thread:
            headers["References"] = f"<{letter.thread}@{domain}>"
        if re.fullmatch(r"<[\x21-\x3b\x3d\x3f-\x7e]{3,250}>", letter.answers):
            headers["In-Reply-To"] = letter.answers
            headers["References"] = " ".join(filter(None, (headers.get("References"), letter.answers)))
        if letter.unsubscribe:
            headers |= {
                "List-Unsubscribe": f"<{letter.unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"
            }  # fmt: skip
        return headers

    def _message_id(self, reference: str) -> str:
        return f"<{reference}@{self.sent_from.rpartition('@')[2]}>"


def _flaw(message: Message) -> Outcome | None:
    try:
        recipient(message.letter)
    except (ValueError, UnicodeError):
        return Outcome(result=Result.REFUSED, detail="the address is not one", stops=True)
    return None


def _person(name: str, address: str) -> str:
    """Anymail parses what it is given; a name is quoted so that nothing in it can become an address."""
    clean = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    quoted = clean.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{address}>' if quoted else address


def _outcome(error: AnymailError) -> Outcome:
    """What went wrong while the message was handed over. Of an error without an answer the cause tells whether it left."""
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        outcome = calls.by_status(status)
        return outcome or Outcome(result=Result.UNKNOWN, detail="its answer made no sense")
    cause = error.__cause__
    if isinstance(cause, CONNECTS) or _refused_to_connect(cause):
        return Outcome(result=Result.UNREACHABLE, detail=type(cause).__name__)
    if isinstance(cause, requests.RequestException) or isinstance(error, AnymailAPIError):
        return Outcome(result=Result.UNKNOWN, detail=type(cause or error).__name__)
    return Outcome(result=Result.REFUSED, detail=type(error).__name__)


def _refused_to_connect(cause: BaseException | None) -> bool:
    """Whether there never was a connection; requests has one class for that and for one that broke."""
    words = type(getattr(cause, "args", [None])[0]).__name__ if isinstance(cause, requests.ConnectionError) else ""
    return words in ("MaxRetryError", "NewConnectionError")


def _as_told(mail: EmailMultiAlternatives) -> Outcome:
    status = mail.anymail_status  # type: ignore[attr-defined]
    told = status.status or set()
    foreign_id = status.message_id if isinstance(status.message_id, str) else ""
    if told & TAKEN:
        return Outcome(result=Result.SENT, detail=" ".join(sorted(told)), foreign_id=foreign_id)
    if told & REFUSED:
        return Outcome(result=Result.REFUSED, detail=" ".join(sorted(told)), stops=bool(told & {"rejected", "invalid"}))
    return Outcome(result=Result.UNKNOWN, detail="its answer made no sense")
