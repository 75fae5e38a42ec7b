"""Browsers that take pushes, and what is new on somebody's desk."""

from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from milepost.ground.notices import people
from milepost.ground.notices.commands import (
    forget_browser,
    forget_browsers,
    mark_all_seen,
    mark_seen,
    note_browser,
    plan,
)
from milepost.ground.notices.commands.browsers import MOST
from milepost.ground.notices.tests.acting import MONA, NOW, SYSTEM, in_app, wanted
from milepost.ground.notices.words import BrowserDraft, Channel
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.clause("NTF-2")]
SERVICES = ("fcm.googleapis.com", ".push.apple.com")
DRAFT = BrowserDraft(
    endpoint="https://fcm.googleapis.com/fcm/send/abc", p256dh=urlsafe_b64encode(b"\x04" + bytes(64)).decode().rstrip("="),
    auth=urlsafe_b64encode(bytes(16)).decode().rstrip("="),
)  # fmt: skip
ADA = "customer:1"
MY_KEYS = ["role:order_management", "staff:7"]


def note(draft: BrowserDraft = DRAFT, *, order_id: int | None = None, act: Act = SYSTEM) -> None:
    note_browser(draft, recipient_key=ADA, services=SERVICES, order_id=order_id, act=act)


def known() -> list[tuple[str, int | None]]:
    return [(one.endpoint, one.order_id) for one in people.browsers([ADA]).get(ADA, [])]


def test_a_browser_is_noted_once_for_each_order_and_for_all():
    for order_id in (None, 5, None, 5):
        note(order_id=order_id)
    assert sorted(known(), key=str) == sorted([(DRAFT.endpoint, None), (DRAFT.endpoint, 5)], key=str)
    forget_browser(DRAFT.endpoint, recipient_key=ADA, order_id=5)
    assert known() == [(DRAFT.endpoint, None)]
    forget_browsers([DRAFT.endpoint])
    assert known() == []


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x", "https://169.254.169.254/latest/meta-data", "https://localhost/x", "https://evil.example/",
        "https://fcm.googleapis.com.evil.example/x", "https://evil.example/fcm.googleapis.com", "https://a@fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x", "https://xpush.apple.com/x", "https://[::1]/x", "https://[/x", "", "x" * 2000,
        "https://fcm.googleapis.com/\n", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_only_push_services_that_we_know_are_ever_called(endpoint: str):
    with pytest.raises(Refused) as refused:
        note(replace(DRAFT, endpoint=endpoint))
    assert refused.value.refusals[0].code == "bad_subscription"


@pytest.mark.parametrize(
    ("p256dh", "auth"), [("", DRAFT.auth), ("AAAA", DRAFT.auth), (DRAFT.p256dh, "AAAA"), ("ä", "ö")]
)
def test_keys_that_nobody_can_seal_for_are_refused(p256dh: str, auth: str):
    with pytest.raises(Refused):
        note(replace(DRAFT, p256dh=p256dh, auth=auth))


def test_of_very_many_browsers_of_one_person_the_oldest_are_forgotten():
    for number in range(MOST + 3):
        later = Act.now("customer", channel="portal", now=NOW + timedelta(minutes=number))
        note(replace(DRAFT, endpoint=f"https://web.push.apple.com/{number}"), act=later)
    assert len(known()) == MOST
    assert ("https://web.push.apple.com/2", None) not in known()
    assert (f"https://web.push.apple.com/{MOST + 2}", None) in known()


@pytest.mark.clause("NTF-5")
def test_what_is_told_to_my_roles_and_to_me_is_new_until_i_have_seen_it():
    mine = wanted(2, channel=Channel.IN_APP, audience="order_management", recipient_key="staff:7")
    plan([in_app(1), mine, in_app(3, role="management")], act=SYSTEM)
    assert people.unread(MY_KEYS, staff_id=7) == 2
    rows = people.told_on_desk(MY_KEYS, staff_id=7)
    assert {(card.order_id, new) for card, new in rows} == {(1, True), (2, True)}
    for _ in range(2):
        mark_seen([rows[0][0].id], staff_id=7, act=MONA)
    assert people.unread(MY_KEYS, staff_id=7) == 1
    assert [new for _, new in people.told_on_desk(MY_KEYS, staff_id=7)] == [False, True]
    assert people.unread(MY_KEYS, staff_id=8) == 2, "what I have seen is new to others"


def test_all_is_seen_up_to_an_instant_and_what_comes_later_is_new():
    plan([in_app(1)], act=SYSTEM)
    mark_all_seen(staff_id=7, act=MONA)
    assert people.unread(MY_KEYS, staff_id=7) == 0
    assert [new for _, new in people.told_on_desk(MY_KEYS, staff_id=7)] == [False]
    plan([in_app(2)], act=Act.now("system:test", channel="test", now=NOW + timedelta(seconds=1)))
    assert people.unread(MY_KEYS, staff_id=7) == 1


def test_the_bell_counts_to_a_hundred_and_reads_no_more_of_its_index(django_assert_num_queries):
    plan([in_app(number) for number in range(1, 151)], act=SYSTEM)
    with django_assert_num_queries(1):
        assert people.unread(MY_KEYS, staff_id=7) == people.MOST_UNREAD
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + people._UNREAD, [MY_KEYS, 7, 7, 100, 100])
        plan_of_it = "\n".join(line for (line,) in cursor.fetchall())
    assert "recipient_key" in plan_of_it
    assert "Seq Scan on notices_notice" not in plan_of_it
