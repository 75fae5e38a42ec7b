"""A mailbox is read to its end, each message once, and nothing in it is changed."""

import pytest

from milepost.config import inbox
from milepost.ground.arrivals import queries as arrived
from milepost.plugs.inboxes.imap import ImapMailbox, Place
from milepost.plugs.inboxes.imap.mailbox import Account, MailboxAway
from milepost.plugs.inboxes.imap.tests.server import Script, serving

FIRST = b"From: ada@okafor.example\r\nMessage-ID: <1@a>\r\nSubject: Order\r\n\r\n5 x AB-12\r\n"
SECOND = b"From: ada@okafor.example\r\nMessage-ID: <2@a>\r\nSubject: Order\r\n\r\n6 x AB-12\r\n"


START = Place()


def read(url: str, place: Place = START, *, largest: int = 10_000) -> tuple[list[bytes], list[Place], list[int]]:
    got: list[bytes] = []
    places: list[Place] = [place]
    large: list[int] = []

    def take(envelope, after):
        got.append(envelope.raw)
        places.append(after)

    def too_large(after, size):
        large.append(size)
        places.append(after)

    ImapMailbox(url, take=take, too_large=too_large, largest=largest).fetch(place)
    return got, places, large


@pytest.mark.clause("REC-1")
def test_each_message_is_fetched_once_and_nothing_is_changed_in_the_mailbox():
    script = Script({3: FIRST, 9: SECOND})
    with serving(script) as url:
        got, places, _ = read(url)
        assert (got, places[-1]) == ([FIRST, SECOND], Place(7, 9))
        assert read(url, places[-1])[0] == []
        script.messages[12] = FIRST.replace(b"<1@a>", b"<3@a>")
        assert read(url, places[-1])[1][-1] == Place(7, 12)
    assert not any(word in " ".join(script.asked).upper() for word in ("STORE", "DELETE", "EXPUNGE", "MOVE", "COPY"))
    assert all(command.startswith("EXAMINE") for command in script.asked if "INBOX" in command)


def test_a_mailbox_that_was_made_anew_is_read_from_its_start():
    with serving(Script({1: FIRST}, validity=8)) as url:
        assert read(url, Place(7, 99))[0] == [FIRST]


def test_a_message_that_is_too_large_is_told_and_not_fetched():
    with serving(Script({1: FIRST + b"x" * 500, 2: SECOND})) as url:
        got, places, large = read(url, largest=300)
    assert (got, places[-1], len(large)) == ([SECOND], Place(7, 2), 1)


def test_a_line_that_breaks_keeps_what_came_before_it():
    script = Script({1: FIRST, 2: SECOND}, dies_after=1)
    got: list[bytes] = []
    with serving(script) as url:
        mailbox = ImapMailbox(url, take=lambda one, _: got.append(one.raw), too_large=lambda *_: None, largest=10_000)
        with pytest.raises(MailboxAway):
            mailbox.fetch(Place())
    assert got == [FIRST]


@pytest.mark.parametrize("url", ["", "https://a.example", "imaps://host/INBOX", "imap:"])
def test_an_address_that_names_no_mailbox_is_refused_at_once(url):
    with pytest.raises(ValueError, match="imaps://"):
        Account.read(url)


@pytest.mark.clause("REC-1")
@pytest.mark.django_db
def test_what_was_fetched_and_how_far_are_kept_together_and_a_copy_is_not_kept_twice():
    script = Script({1: FIRST, 2: SECOND, 3: FIRST.replace(b"\r\n", b"\n")})
    with serving(script) as url:
        mailbox = ImapMailbox(
            url, take=lambda envelope, place: inbox.take(mailbox.name, envelope, place), largest=10_000,
            too_large=lambda place, size: inbox.too_large(mailbox.name, place, size),
        )  # fmt: skip
        for _ in range(2):
            mailbox.fetch(inbox.place_in(mailbox.name))
    assert inbox.place_in(mailbox.name) == Place(7, 3)
    assert len(arrived.arrivals(source="email")) == 2
    assert "secret" not in mailbox.name


@pytest.mark.django_db
def test_too_large_a_message_becomes_a_clerk_s_duty():
    inbox.too_large("mona@host/INBOX", Place(7, 5), 99_000_000)
    (row,) = arrived.arrivals(source="email")
    assert (row.state, row.code) == ("refused", "too_large")
    assert inbox.place_in("mona@host/INBOX") == Place(7, 5)
