"""Who answers without a person: auto-replies, bounces, lists, and our own messages coming back (RFC 3834, RFC 3464, RFC 2919)."""

from collections.abc import Collection
from email.utils import parseaddr

from milepost.plugs.inboxes.mail.message import Letter
from milepost.plugs.inboxes.mail.vocabulary import vocabulary

OUR_MARK = "X-Milepost"
MACHINES = ("mailer-daemon", "postmaster", "bounce", "bounces")
BULK = ("bulk", "junk", "list", "auto_reply")
LISTS = ("List-Id", "List-Unsubscribe", "List-Post")
ANSWERS = ("X-Autoreply", "X-Autorespond", "X-AutoReply-From", "X-Auto-Reply-From")


def why_automatic(letter: Letter, own_addresses: Collection[str]) -> str:
    """Why a message is no person's, in one word; empty when a person may have written it."""
    for reason, found in (
        ("our_own", _is_ours(letter, own_addresses)),
        ("auto_submitted", _says(letter, "Auto-Submitted") not in ("", "no")),
        ("report", letter.headers.get_content_type() == "multipart/report"),
        ("bounce", _is_bounce(letter)),
        ("list", any(letter.header(name) for name in LISTS) or _says(letter, "Precedence") in BULK),
        ("auto_reply", bool(_says(letter, "X-Auto-Response-Suppress") or any(letter.header(name) for name in ANSWERS))),
        ("auto_reply", _answers_by_subject(letter.subject)),
    ):  # fmt: skip
        if found:
            return reason
    return ""


def _says(letter: Letter, name: str) -> str:
    return letter.header(name).partition(";")[0].strip().lower()


def _is_ours(letter: Letter, own_addresses: Collection[str]) -> bool:
    return bool(letter.header(OUR_MARK)) or letter.sender in {address.lower() for address in own_addresses}


def _is_bounce(letter: Letter) -> bool:
    """A null return path (RFC 5321, 4.5.5), or a machine's name as the sender."""
    path = letter.header("Return-Path")
    return (bool(path) and not parseaddr(path)[1]) or letter.sender.partition("@")[0] in MACHINES


def _answers_by_subject(subject: str) -> bool:
    return subject.lower().lstrip().startswith(vocabulary().automatic)
