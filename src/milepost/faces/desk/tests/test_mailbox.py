"""The mailbox: every message as its recipient sees it, and harmless."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from milepost.ground.notices import commands
from milepost.ground.notices.words import MailboxCard

pytestmark = pytest.mark.django_db

EVIL = "<html><head></head><body><script>alert(1)</script><form action='/desk/'></form><a href='https://a.example'>x</a></body></html>"


def keep(reference: str, minute: int) -> None:
    commands.keep_in_mailbox(
        [
            MailboxCard(
                reference=reference, kept_at=datetime(2026, 11, 16, 9, minute, tzinfo=UTC), order_id=None,
                sender="orders@milepost.example", address="ada@okafor.example", subject=f"Subject {reference}", text="Hello Ada",
                html=EVIL, headers={"X-Test": "yes"},
            )
        ]
    )  # fmt: skip


@pytest.mark.clause("RECD-1")
def test_messages_stand_newest_first_with_text_and_headers(mona: Client):
    keep("older", 1)
    keep("newer", 2)
    page = mona.get("/mailbox/").text
    assert page.index("Subject newer") < page.index("Subject older")
    message = mona.get("/mailbox/older/").text
    assert "Hello Ada" in message
    assert "X-Test" in message
    assert 'src="/mailbox/older/letter.html" sandbox="allow-popups allow-popups-to-escape-sandbox"' in message


def test_a_letter_can_run_nothing_load_nothing_of_ours_and_send_nothing(mona: Client):
    keep("one", 1)
    answer = mona.get("/mailbox/one/letter.html")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "form-action 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert '<base target="_blank">' in answer.text


def test_a_message_that_is_not_there_is_a_plain_404(mona: Client):
    assert mona.get("/mailbox/none/").status_code == 404
    assert mona.get("/mailbox/none/letter.html").status_code == 404


def test_an_empty_mailbox_says_what_will_come(mona: Client):
    assert "its receipt note is the first to come" in mona.get("/mailbox/").text
