"""The SMTP receiver: for us only, never larger than agreed, and no yes before the message is kept."""

import asyncio
import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from milepost.plugs.inboxes.mail.envelope import Envelope
from milepost.plugs.inboxes.smtp_in import SmtpReceiver

OURS = "orders@milepost.example"
RAW = "From: ada@okafor.example\r\nMessage-ID: <1@a>\r\nSubject: Bestellung für Büro\r\n\r\n5 x AB-12\r\n".encode()


@contextmanager
def receiving(keep, *, largest: int = 10_000) -> Iterator[int]:
    loop = asyncio.new_event_loop()
    receiver = SmtpReceiver(keep=keep, addresses=[OURS], largest=largest)
    port = loop.run_until_complete(receiver.start("127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield port
    finally:
        asyncio.run_coroutine_threadsafe(receiver.stop(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)


@pytest.mark.clause("REC-1")
def test_a_message_is_kept_byte_for_byte_with_its_return_path():
    kept: list[Envelope] = []
    with receiving(kept.append) as port, smtplib.SMTP("127.0.0.1", port) as line:
        line.sendmail("ada@okafor.example", [OURS.upper()], RAW)
    (one,) = kept
    assert one.raw == b"Return-Path: <ada@okafor.example>\r\n" + RAW
    assert (one.sender, one.subject, one.way) == ("ada@okafor.example", "Bestellung für Büro", "smtp")


def test_the_same_message_has_the_same_delivery_id_whichever_way_it_comes():
    kept: list[Envelope] = []
    with receiving(kept.append) as port, smtplib.SMTP("127.0.0.1", port) as line:
        line.sendmail("ada@okafor.example", [OURS], RAW)
        line.sendmail("bounces@okafor.example", [OURS], b"Received: from elsewhere\r\n" + RAW)
        line.sendmail("ada@okafor.example", [OURS], RAW.replace(b"5 x", b"6 x"))
    assert kept[0].delivery_id == kept[1].delivery_id != kept[2].delivery_id


def test_mail_for_others_is_not_relayed():
    with (
        receiving(lambda _: None) as port, smtplib.SMTP("127.0.0.1", port) as line,
        pytest.raises(smtplib.SMTPRecipientsRefused),
    ):  # fmt: skip
        line.sendmail("ada@okafor.example", ["somebody@elsewhere.example"], RAW)


def test_what_is_too_large_is_refused():
    kept: list[Envelope] = []
    with (
        receiving(kept.append, largest=400) as port, smtplib.SMTP("127.0.0.1", port) as line,
        pytest.raises(smtplib.SMTPException),
    ):  # fmt: skip
        line.sendmail("ada@okafor.example", [OURS], RAW + b"x" * 1000)
    assert kept == []


def test_what_cannot_be_kept_is_not_taken_so_its_sender_tries_again():
    def away(_: Envelope) -> None:
        raise RuntimeError("the database is away")

    with (
        receiving(away) as port,
        smtplib.SMTP("127.0.0.1", port) as line,
        pytest.raises(smtplib.SMTPDataError) as refused,
    ):
        line.sendmail("ada@okafor.example", [OURS], RAW)
    assert refused.value.smtp_code == 451
