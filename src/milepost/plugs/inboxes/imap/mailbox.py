"""A mailbox as RFC 3501 has it: a message is known by the mailbox's UIDVALIDITY and its own UID, which only ever grows."""

import imaplib
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from milepost.plugs.inboxes.mail.envelope import Envelope, envelope

WAY = "imap"
SECONDS = 30
AT_ONCE = 100
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
UID = re.compile(rb"UID (\d+)")


@dataclass(frozen=True, slots=True)
class Place:
    """How far a mailbox was read. When its validity changes, its numbers mean nothing any more and it is read from the start."""

    validity: int = 0
    uid: int = 0


class MailboxAway(Exception):
    """The mailbox does not answer, or not as it should; look again later."""


@dataclass(frozen=True, slots=True)
class Account:
    """Where the mailbox is and who may read it."""

    host: str
    port: int
    user: str
    password: str
    folder: str
    encrypted: bool

    @classmethod
    def read(cls, url: str) -> "Account":
        """From `imaps://user:password@host:993/INBOX`. Raises ValueError for anything else."""
        parts = urlsplit(url)
        if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username:
            raise ValueError("a mailbox is named as imaps://user:password@host/folder")
        encrypted = parts.scheme == "imaps"
        return cls(
            parts.hostname, parts.port or (993 if encrypted else 143), unquote(parts.username), unquote(parts.password or ""),
            unquote(parts.path.lstrip("/")) or "INBOX", encrypted,
        )  # fmt: skip


Take = Callable[[Envelope, Place], None]
TooLarge = Callable[[Place, int], None]


class ImapMailbox:
    """Fetches what is new. `take` keeps a message and the place after it in one transaction; so is `too_large` told its place."""

    def __init__(self, url: str, *, take: Take, too_large: TooLarge, largest: int) -> None:
        self._account = Account.read(url)
        self._take, self._too_large, self._largest = take, too_large, largest

    @property
    def name(self) -> str:
        """How the mailbox is known, without its password."""
        one = self._account
        return f"{one.user}@{one.host}/{one.folder}"

    def fetch(self, place: Place) -> int:
        """Hand over what came after a place; how many. Raises MailboxAway; what was handed over by then stays so."""
        try:
            with self._line() as line:
                return self._fetch(line, place)
        except (imaplib.IMAP4.error, OSError) as away:
            raise MailboxAway(str(away)) from away

    @contextmanager
    def _line(self) -> Iterator[imaplib.IMAP4]:
        one = self._account
        line: imaplib.IMAP4 = (
            imaplib.IMAP4_SSL(one.host, one.port, ssl_context=ssl.create_default_context(), timeout=SECONDS)
            if one.encrypted else imaplib.IMAP4(one.host, one.port, timeout=SECONDS)
        )  # fmt: skip
        try:
            line.login(one.user, one.password)
            yield line
        finally:
            try:
                line.logout()
            except (imaplib.IMAP4.error, OSError):
                line.shutdown()

    def _fetch(self, line: imaplib.IMAP4, place: Place) -> int:
        status, _ = line.select(f'"{self._account.folder}"', readonly=True)
        if status != "OK":
            raise MailboxAway(f"there is no folder {self._account.folder}")
        validity = _validity(line)
        after = place.uid if place.validity == validity else 0
        new = _new(line, after)
        for uid, size in _sizes(line, new):
            if size > self._largest:
                self._too_large(Place(validity, uid), size)
            else:
                self._take(envelope(_raw(line, uid), way=WAY), Place(validity, uid))
        return len(new)


def _validity(line: imaplib.IMAP4) -> int:
    _, found = line.response("UIDVALIDITY")
    if not found or not found[0]:
        raise MailboxAway("the mailbox does not say its UIDVALIDITY")
    return int(found[0])


def _new(line: imaplib.IMAP4, after: int) -> list[int]:
    """UIDs after one. `n:*` always holds the last message, so it is looked at again."""
    _, found = line.uid("SEARCH", "UID", f"{after + 1}:*")
    uids = sorted(int(uid) for uid in (found[0] or b"").split())
    return [uid for uid in uids if uid > after][:AT_ONCE]


def _sizes(line: imaplib.IMAP4, uids: list[int]) -> list[tuple[int, int]]:
    if not uids:
        return []
    _, found = line.uid("FETCH", ",".join(map(str, uids)), "(RFC822.SIZE)")
    said = [(UID.search(part), SIZE.search(part)) for part in found if isinstance(part, bytes)]
    sizes = {int(uid[1]): int(size[1]) for uid, size in said if uid and size}
    return [(uid, sizes[uid]) for uid in uids if uid in sizes]


def _raw(line: imaplib.IMAP4, uid: int) -> bytes:
    """The message byte for byte; PEEK leaves its flags alone."""
    _, found = line.uid("FETCH", str(uid), "(BODY.PEEK[])")
    for part in found:
        if isinstance(part, tuple):
            return bytes(part[1])
    raise MailboxAway(f"message {uid} was not given")
