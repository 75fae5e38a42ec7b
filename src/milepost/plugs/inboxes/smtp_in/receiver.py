"""The receiver (RFC 5321). It relays nothing: what is not for us is refused at RCPT, what is too large at MAIL or DATA."""

import asyncio
import logging
from collections.abc import Callable, Collection

from aiosmtpd.smtp import SMTP, Envelope, Session

from milepost.plugs.inboxes.mail.envelope import Keep, envelope

log = logging.getLogger(__name__)
WAY = "smtp"
MOST_RECIPIENTS = 50
TAKEN = "250 2.0.0 Kept"
NOT_OURS = "550 5.1.1 Nobody here has this address"
TOO_MANY = "452 4.5.3 Too many recipients"
LATER = "451 4.3.0 It could not be kept; please try again"


class SmtpReceiver:
    """Receives mail at one address and hands each message to `keep`, from a thread, because that talks to the database."""

    def __init__(
        self, *, keep: Keep, addresses: Collection[str], largest: int, done: Callable[[], None] = lambda: None
    ) -> None:
        self._keep, self._largest, self._done = keep, largest, done
        self._addresses = frozenset(address.lower() for address in addresses)
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen; the port, which is chosen where `port` is 0."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._speaks, host, port)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Take no more; what is being said is cut off, and its sender tries again."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    def _speaks(self) -> SMTP:
        return SMTP(self, data_size_limit=self._largest, enable_SMTPUTF8=True, ident="Milepost", timeout=60)

    async def handle_RCPT(  # noqa: N802 the name that aiosmtpd calls
        self, server: SMTP, session: Session, letter: Envelope, address: str, options: list[str]
    ) -> str:
        """Only mail for us is taken."""
        if address.lower() not in self._addresses:
            return NOT_OURS
        if len(letter.rcpt_tos) >= MOST_RECIPIENTS:
            return TOO_MANY
        letter.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, letter: Envelope) -> str:  # noqa: N802
        """Keep the message with its return path, as whoever delivers at last must write it down (RFC 5321, 4.4)."""
        content = (
            letter.content if isinstance(letter.content, bytes) else (letter.content or "").encode("utf-8", "replace")
        )
        raw = f"Return-Path: <{letter.mail_from or ''}>\r\n".encode("utf-8", "replace") + content
        try:
            await asyncio.to_thread(self._take, raw)
        except Exception:
            # Whatever went wrong here must not lose mail: its sender keeps it and tries again.
            log.exception("a message could not be kept")
            return LATER
        return TAKEN

    def _take(self, raw: bytes) -> None:
        try:
            self._keep(envelope(raw, way=WAY))
        finally:
            self._done()
