"""Hand messages to an SMTP server over a few connections, each message asked for and told about by itself.

SMTP cannot be asked what became of a message. The unknown is therefore kept small: a message is in doubt only between the
last line of its DATA and the server's answer, and both ends of that are written down at once.
"""

import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qsl, unquote, urlsplit

from milepost.ground.notices.ports import Lane, Lanes
from milepost.ground.notices.words import Answer, Message, Outcome, Result
from milepost.plugs.senders.smtp.mime import internet_message, recipient

TIMEOUT = 30
CONNECTIONS = 8
PATIENCE = 2  # hang-ups, or answers that never come, in a row before the server counts as absent
GOODBYE = 421  # RFC 5321: the server closes the channel


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpSender:
    """Serves e-mail by the server at `url`: `smtp://user:password@host:port` (STARTTLS where offered, and demanded before a
    password is said; `?tls=no` for a server on the same machine) or `smtps://`."""

    url: str = field(repr=False)
    sent_from: str
    brand: str
    reply_to: str
    clock: Callable[[], datetime]
    connections: int = CONNECTIONS
    timeout: float = TIMEOUT
    name: str = "smtp"
    channel: str = "email"

    def send(self, messages: Sequence[Message], lanes: Lanes) -> None:
        """Hand over messages on at most `connections` connections; messages of one lane share one, in their order."""
        shares = [share for share in self._shares(messages) if share]
        if len(shares) == 1:
            self._send_share(shares[0], lanes)
            return
        with ThreadPoolExecutor(max_workers=len(shares), thread_name_prefix="smtp") as pool:
            for done in [pool.submit(self._send_share, share, lanes) for share in shares]:
                done.result()

    def lookup(self, references: Sequence[str]) -> Mapping[str, Answer]:
        """SMTP cannot tell."""
        return dict.fromkeys(references, Answer.CANNOT_TELL)

    def _shares(self, messages: Sequence[Message]) -> list[list[Message]]:
        shares: list[list[Message]] = [[] for _ in range(self.connections)]
        for message in messages:
            shares[message.lane % self.connections].append(message)
        return shares

    def _send_share(self, messages: Sequence[Message], lanes: Lanes) -> None:
        with lanes.open() as lane:
            waiting = list(reversed(messages))
            hang_ups = doubts = 0
            while waiting:
                left = len(waiting)
                try:
                    with _Line.to(self.url, timeout=self.timeout) as line:
                        doubts = self._talk(line, waiting, lane, doubts)
                except (OSError, smtplib.SMTPException) as gone:
                    hang_ups, why = PATIENCE, type(gone).__name__
                else:
                    hang_ups, why = (hang_ups + 1 if len(waiting) == left else 0), "the server hangs up"
                if doubts >= PATIENCE:
                    hang_ups, why = PATIENCE, "the server stopped answering"
                if hang_ups >= PATIENCE:
                    lane.tell({m.reference: Outcome(result=Result.UNREACHABLE, detail=why) for m in waiting})
                    return
                if hang_ups:  # perhaps it is this message that it does not like
                    lane.tell({waiting.pop().reference: Outcome(result=Result.DEFERRED, detail=why)})

    def _talk(self, line: "_Line", waiting: list[Message], lane: Lane, doubts: int) -> int:
        """Send from the end of `waiting` until it is empty or the line is lost; what is taken from it is told about.

        Returns how many of the last messages in a row ended in doubt.
        """
        while waiting and not line.lost:
            message = waiting[-1]
            outcome = self._say(line, message, lane)
            if outcome is _NOT_SAID:
                return doubts
            waiting.pop()
            if outcome is not None:
                doubts = doubts + 1 if outcome.result == Result.UNKNOWN else 0
                lane.tell({message.reference: outcome})
        return doubts

    def _say(self, line: "_Line", message: Message, lane: Lane) -> Outcome | None:
        """One message: its outcome, None where another worker has it, `_NOT_SAID` where the server hung up before its end."""
        try:
            to = recipient(message.letter)
            data = internet_message(
                message, sent_from=self.sent_from, brand=self.brand, reply_to=self.reply_to, now=self.clock()
            )
        except (ValueError, UnicodeError):
            return Outcome(result=Result.REFUSED, detail="the address is not one")
        refused = line.begin(self.sent_from, to.addr_spec, data)
        if refused:
            return refused
        if not lane.hand_over([message.reference]):
            line.hang_up()
            return None
        return line.end()


_NOT_SAID = Outcome(result=Result.UNREACHABLE, detail="the server hung up")


class _Line:
    """One connection. Its words are smtplib's; only DATA is cut in two, so that the mark stands right before its end."""

    def __init__(self, smtp: smtplib.SMTP) -> None:
        self._smtp = smtp
        self.lost = False
        if smtp.sock:
            smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    @classmethod
    def to(cls, url: str, *, timeout: float) -> "_Line":
        """Connect, secure the line and sign in. Raises OSError or SMTPException."""
        parts = urlsplit(url)
        host, wants_tls = parts.hostname or "localhost", dict(parse_qsl(parts.query)).get("tls") != "no"
        if parts.scheme == "smtps":
            secure = ssl.create_default_context()
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=timeout, context=secure)
        else:
            smtp = smtplib.SMTP(host, parts.port or 25, timeout=timeout)
        try:
            smtp.ehlo()
            if parts.scheme == "smtp" and wants_tls and (smtp.has_extn("starttls") or parts.username):
                smtp.starttls(context=ssl.create_default_context())
                smtp.ehlo()
            if parts.username:
                smtp.login(unquote(parts.username), unquote(parts.password or ""))
        except BaseException:
            smtp.close()
            raise
        return cls(smtp)

    def __enter__(self) -> "_Line":
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        if error is None and not self.lost:
            with suppress(OSError, smtplib.SMTPException):
                self._smtp.quit()
        self._smtp.close()

    def begin(self, sent_from: str, address: str, data: bytes) -> Outcome | None:
        """The whole message but for the line that ends it; until that, the server has nothing. None: it listens."""
        options = [] if address.isascii() else ["SMTPUTF8"]
        if options and not self._smtp.has_extn("smtputf8"):
            return Outcome(result=Result.REFUSED, detail="the server takes no such address (SMTPUTF8)")
        try:
            refused = self._open(sent_from, address, options)
            if refused is not None:
                return refused
            self._smtp.send(_stuffed(data))
        except (OSError, smtplib.SMTPException):
            self.hang_up()
            return _NOT_SAID
        return None

    def _open(self, sent_from: str, address: str, options: Sequence[str]) -> Outcome | None:
        """MAIL, RCPT and DATA: at one go where the server takes that (RFC 2920). None when it waits for the message."""
        at_once = self._smtp.has_extn("pipelining")
        answers = (
            self._at_one_go(sent_from, address, options) if at_once else self._opening(sent_from, address, options)
        )
        for code, said in answers:
            if code == GOODBYE:
                self.hang_up()
                return _NOT_SAID
            if code >= 400:
                if at_once and _waits_for_a_message(answers):
                    self.hang_up()
                else:
                    self._forget()
                return _told(code, said)
        return None

    def end(self) -> Outcome:
        """The line that ends the message. Until the server has answered, nobody knows."""
        try:
            self._smtp.send(b".\r\n")
            code, said = self._smtp.getreply()
        except (OSError, smtplib.SMTPException) as broken:
            self.hang_up()
            return Outcome(result=Result.UNKNOWN, detail=type(broken).__name__)
        if code == GOODBYE:
            self.hang_up()
        return _told(code, said)

    def _opening(self, sent_from: str, address: str, options: Sequence[str]) -> Iterator[tuple[int, bytes]]:
        yield self._smtp.mail(sent_from, options)
        yield self._smtp.rcpt(address)
        yield self._smtp.docmd("DATA")

    def _at_one_go(self, sent_from: str, address: str, options: Sequence[str]) -> Iterator[tuple[int, bytes]]:
        words = " ".join([f"MAIL FROM:<{sent_from}>", *options])
        self._smtp.send(f"{words}\r\nRCPT TO:<{address}>\r\nDATA\r\n".encode())
        return iter([self._smtp.getreply() for _ in range(3)])

    def _forget(self) -> None:
        try:
            self._smtp.rset()
        except (OSError, smtplib.SMTPException):
            self.hang_up()

    def hang_up(self) -> None:
        """Drop the connection; a message without its last line is dropped with it."""
        self.lost = True
        self._smtp.close()


def _waits_for_a_message(left: Iterator[tuple[int, bytes]]) -> bool:
    """Whether the last answer, to DATA, was "go on" though something before it was refused."""
    codes = [code for code, _ in left]
    return bool(codes) and codes[-1] < 400


def _told(code: int, said: bytes) -> Outcome:
    """What a reply code means (RFC 5321 section 4.2.1). Of the server's words only the codes are kept: the rest may quote
    addresses."""
    if 200 <= code < 300:
        return Outcome(result=Result.SENT, detail=str(code))
    words = said.decode("ascii", "replace").split()
    enhanced = words[0] if words and words[0].count(".") == 2 and words[0].replace(".", "").isdigit() else ""
    detail = f"{code} {enhanced}".strip()
    return Outcome(result=Result.REFUSED if 500 <= code < 600 else Result.DEFERRED, detail=detail)


def _stuffed(data: bytes) -> bytes:
    """Whole lines, with dots at their beginning doubled (RFC 5321 section 4.5.2)."""
    body = data if data.endswith(b"\r\n") else data + b"\r\n"
    body = body.replace(b"\r\n.", b"\r\n..")
    return b"." + body if body.startswith(b".") else body
