"""From a vendor's webhook to the notice: kept first, matched by our reference, with what follows."""

import hashlib
import hmac
import json
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.test import Client

from milepost.ground.arrivals import commands as arrivals
from milepost.ground.arrivals import ports as arriving
from milepost.ground.arrivals.models import Arrival
from milepost.ground.duties import queries as duties
from milepost.ground.journal import queries as journal
from milepost.ground.notices import ports, queries
from milepost.ground.notices.commands import plan, send_due
from milepost.ground.notices.tests.acting import NOW, SYSTEM, ActingSender, wanted, write
from milepost.ground.notices.words import Drained, NoticeCard, State
from milepost.ground.parties import queries as parties
from milepost.plugs.senders.anymail import AnymailReceipts
from milepost.plugs.senders.twilio import TwilioReceipts
from milepost.plugs.senders.twilio.signature import signature
from milepost.reactions import receipts
from milepost.way.care import queries as care

pytestmark = pytest.mark.django_db
TOKEN = "12345"


@pytest.fixture(autouse=True)
def sources(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "_sources", {})
    monkeypatch.setattr(arriving, "_sources", dict(arriving._sources))
    for source in (
        TwilioReceipts(token=TOKEN), AnymailReceipts(provider="mailgun", settings={"webhook_signing_key": "hush"}),
    ):  # fmt: skip
        ports.hear(source)
        arriving.handle(receipts.PREFIX + source.name, receipts.take, repair=arriving.REPAIR_BY_IT)


def sent(*, channel: str = "email", outcome: str = "sent") -> NoticeCard:
    plan([wanted(1, channel=channel)], act=SYSTEM)
    name = "mailgun" if channel == "email" else "twilio"
    send_due(now=NOW, sender=ActingSender({1: outcome}, name=name, channel=channel), compose=write)
    return only()


def only() -> NoticeCard:
    (card,) = queries.notices_of(1)
    return card


def mailgun(kind: str, reference: str, *, token: str = "t1", **data: object) -> bytes:
    seal = hmac.new(b"hush", f"1772614800{token}".encode(), hashlib.sha256).hexdigest()
    event = {
        "event": kind,
        "timestamp": 1772614800.0,
        "recipient": "ada@example.org",
        "user-variables": {"reference": reference},
    }
    said = {
        "signature": {"timestamp": "1772614800", "token": token, "signature": seal},
        "event-data": {**event, **data},
    }
    return json.dumps(said).encode()


def post(name: str, body: bytes, content_type: str = "application/json", query: str = "", **headers: str):
    return Client().post(f"/webhooks/receipts/{name}/{query}", data=body, content_type=content_type, headers=headers)


def text(query: str = "", **fields: str):
    from django.conf import settings

    seal = signature(f"{settings.SITE_URL}/webhooks/receipts/twilio/{query}", fields.items(), TOKEN)
    kind = "application/x-www-form-urlencoded"
    return post("twilio", urlencode(fields).encode(), kind, query, **{"X-Twilio-Signature": seal})


def worked() -> None:
    arrivals.process_due(act=SYSTEM)


def states() -> list[tuple[str, str]]:
    return list(Arrival.objects.order_by("id").values_list("state", "code"))


@pytest.mark.clause("NTF-4")
def test_a_delivery_is_kept_first_and_matched_to_its_notice_by_our_reference():
    card = sent()
    body = mailgun("delivered", card.id.hex)
    assert post("mailgun", body).status_code == 200
    assert (bytes(Arrival.objects.get().body), only().receipts) == (body, ())
    worked()
    assert [one.kind for one in only().receipts] == ["delivered"]
    assert journal.story(1)[-1].kind == "NoticeDelivered"
    assert states() == [("processed", "")]


def test_a_delivery_that_comes_again_changes_nothing():
    body = mailgun("delivered", sent().id.hex)
    for _ in range(3):
        assert post("mailgun", body).status_code == 200
        worked()
    post("mailgun", mailgun("delivered", only().id.hex, token="t2"))
    worked()
    assert len(only().receipts) == 1
    assert [fact.kind for fact in journal.story(1)] == ["NoticeSent", "NoticeDelivered"]
    assert Arrival.objects.count() == 2


@pytest.mark.clause("NTF-1")
def test_a_hard_bounce_stops_the_address_and_opens_a_duty_to_reach_the_customer_another_way():
    card = sent()
    post("mailgun", mailgun("failed", card.id.hex, severity="permanent", reason="bounce"))
    worked()
    assert [duty.kind for duty in duties.duties_of(1)] == ["retry_notice"]
    assert ("email", "ada@example.org") in parties.open_stops([("email", "ada@example.org")])
    assert (journal.story(1)[-1].kind, only().state) == ("NoticeBounced", State.SENT)


def test_a_soft_bounce_is_noted_and_nobody_is_bothered():
    post("mailgun", mailgun("failed", sent().id.hex, severity="temporary"))
    worked()
    assert [one.kind for one in only().receipts] == ["soft"]
    assert (duties.duties_of(1), parties.open_stops([("email", "ada@example.org")])) == ([], {})


def test_a_complaint_stops_the_address():
    post("mailgun", mailgun("complained", sent().id.hex))
    worked()
    (stop,) = parties.open_stops([("email", "ada@example.org")]).values()
    assert (stop.reason, journal.story(1)[-1].kind) == ("complained", "NoticeComplained")


def test_a_receipt_settles_a_message_in_doubt():
    card = sent(outcome="unknown")
    assert (card.state, [duty.is_open for duty in duties.duties_of(1)]) == (State.UNKNOWN, [True])
    post("mailgun", mailgun("delivered", card.id.hex))
    worked()
    assert (only().state, [duty.is_open for duty in duties.duties_of(1)]) == (State.SENT, [False])
    assert send_due(now=NOW, sender=ActingSender(name="mailgun"), compose=write) == Drained()


def test_a_text_message_is_matched_by_the_reference_in_the_address_that_twilio_was_given():
    card = sent(channel="sms")
    answer = text(f"?reference={card.id.hex}", MessageStatus="undelivered", ErrorCode="30003", MessageSid="SM1")
    assert (answer.status_code, answer.content) == (200, b"<Response/>")
    worked()
    assert [(one.kind, one.code) for one in only().receipts] == [("bounced", "30003")]
    assert parties.open_stops([("sms", "ada@example.org")]) == {}


@pytest.mark.parametrize("word", ["STOP", "stop.", "Unsubscribe"])
def test_who_answers_stop_gets_no_more_text_messages_until_they_say_start(word: str):
    text(SmsStatus="received", From="+491712345678", Body=word)
    worked()
    assert ("sms", "+491712345678") in parties.open_stops([("sms", "+491712345678")])
    text(SmsStatus="received", From="+491712345678", Body="START", MessageSid="SM2")
    worked()
    assert parties.open_stops([("sms", "+491712345678")]) == {}


def test_who_answers_with_a_question_is_answered():
    text(SmsStatus="received", From="+491712345678", Body="Where is my kettle?")
    worked()
    (duty,) = duties.open_duties(["customer_service"])
    assert (duty.kind, duty.subject_kind) == ("answer_inquiry", "conversation")
    (said,) = care.thread(UUID(duty.subject_id))
    assert (said.channel, said.arrival_id) == ("sms", Arrival.objects.get().id)
    assert states() == [("processed", "reply")]


def test_what_speaks_of_messages_that_are_not_ours_is_put_aside():
    sent()
    for number, reference in enumerate(("", "0" * 32, "not a reference at all, and much too long for one", "é" * 32)):
        post("mailgun", mailgun("complained", reference, token=f"t{number}"))
    worked()
    assert states() == [("ignored", "not_ours")] * 4
    assert parties.open_stops([("email", "ada@example.org")]) == {}


def test_what_is_forged_is_kept_as_evidence_and_never_worked_on():
    card = sent()
    forged = mailgun("complained", card.id.hex).replace(b'"t1"', b'"t9"')
    assert post("mailgun", forged).status_code == 401
    assert post("twilio", b"MessageStatus=delivered", "application/x-www-form-urlencoded").status_code == 401
    worked()
    assert {state for state, _ in states()} == {"forged"}
    assert (only().receipts, parties.open_stops([("email", "ada@example.org")])) == ((), {})


def test_what_makes_no_sense_is_refused_with_a_duty_for_it_and_the_others_go_on():
    card = sent()
    odd = mailgun("delivered", card.id.hex, token="t7").replace(b'"event": "delivered"', b'"event": ["x"]')
    assert post("mailgun", odd).status_code == 200
    post("mailgun", mailgun("delivered", card.id.hex))
    worked()
    assert states() == [("refused", "not_an_event"), ("processed", "")]
    assert [duty.subject_id for duty in duties.open_duties(["it_support"])] == ["receipts:mailgun:not_an_event"]


def test_a_sender_that_is_not_set_up_is_not_there_and_what_is_too_large_is_refused():
    assert post("vonage", b"{}").status_code == 404
    assert post("mailgun", b"x" * (receipts.LARGEST + 1)).status_code == 413
    assert Client().get("/webhooks/receipts/mailgun/").status_code == 405
    assert Client().head("/webhooks/receipts/mailgun/").status_code == 200
