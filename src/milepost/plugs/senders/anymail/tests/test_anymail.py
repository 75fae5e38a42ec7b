"""E-mail by providers through django-anymail, against an API that answers as it is told."""

import hashlib
import hmac
import json
from base64 import b64encode

import httpx
import pytest
import requests

from milepost.ground.notices.words import Answer, Attachment, Letter, Message, ReceiptKind, Result
from milepost.plugs.senders.anymail import AnymailReceipts, AnymailSender
from milepost.plugs.senders.anymail.providers import PROVIDERS, backend, view
from milepost.plugs.senders.tests.books import NOW, REFERENCE, Books, Provider, delivery, question

MAILGUN = {"api_key": "key-1", "sender_domain": "mg.shop.example", "webhook_signing_key": "hush"}
POSTMARK = {"server_token": "token-1", "webhook_secret": "ada:secret"}
LETTER = Letter(
    address="ada@example.org", name='Ada "A" Okafor, <x@evil.example>', subject="Your order\r\nBcc: all@example.org", text="Hi.",
    html="<p>Hi.</p>", thread="order-m7k3", unsubscribe="https://shop.example/u/1",
    attachments=(Attachment(name="when.ics", content_type="text/calendar; method=PUBLISH", data=b"BEGIN:VCALENDAR"),),
)  # fmt: skip


def sender(provider: str = "mailgun", settings=MAILGUN, **changes) -> AnymailSender:
    return AnymailSender(
        provider=provider, settings=settings, sent_from="orders@shop.example", brand="Shop, Ltd", reply_to="help@shop.example",
        clock=lambda: NOW, connections=1, **changes,
    )  # fmt: skip


class Api:
    """Stands in for the network below requests."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, answer: requests.Response | Exception) -> None:
        self.sent: list[requests.PreparedRequest] = []

        def send(_: object, request: requests.PreparedRequest, **__: object) -> requests.Response:
            self.sent.append(request)
            if isinstance(answer, Exception):
                raise answer
            return answer

        monkeypatch.setattr(requests.Session, "send", send)


def answering(status: int, body: str) -> requests.Response:
    made = requests.Response()
    made.status_code, made._content, made.reason = status, body.encode(), "said"
    return made


def outcome(api: Api, letter: Letter = LETTER, **changes):
    books = Books()
    sender(**changes).send([Message(reference=REFERENCE, lane=1, letter=letter)], books)
    return books.told[REFERENCE], books


TAKEN = '{"id": "<x@mg.shop.example>", "message": "Queued. Thank you."}'


def test_a_message_goes_with_our_reference_and_nobody_can_add_a_recipient(monkeypatch: pytest.MonkeyPatch):
    api = Api(monkeypatch, answering(200, TAKEN))
    told, _ = outcome(api)
    (call,) = api.sent
    body = call.body if isinstance(call.body, str) else call.body.decode()
    assert call.url == "https://api.mailgun.net/v3/mg.shop.example/messages"
    assert (told.result, told.foreign_id) == (Result.SENT, "<x@mg.shop.example>")
    for said in (REFERENCE, "List-Unsubscribe", "auto-generated", "when.ics"):
        assert said in body
    assert body.count("ada@example.org") == 1
    assert 'name="bcc"' not in body.lower()
    assert "key-1" not in repr(sender())


@pytest.mark.parametrize(
    ("answer", "result", "stops"),
    [
        (answering(200, "<html>"), Result.UNKNOWN, False),
        (answering(200, '{"odd": 1}'), Result.UNKNOWN, False),
        (answering(401, "Forbidden"), Result.UNREACHABLE, False),
        (answering(429, "{}"), Result.DEFERRED, False),
        (answering(400, '{"message": "to parameter is not a valid address"}'), Result.REFUSED, False),
        (answering(502, "Bad gateway"), Result.UNKNOWN, False),
        (requests.ConnectTimeout("shut"), Result.UNREACHABLE, False),
        (requests.ReadTimeout("silence"), Result.UNKNOWN, False),
        (requests.ConnectionError("reset"), Result.UNKNOWN, False),
    ],
)
def test_what_an_answer_means(monkeypatch: pytest.MonkeyPatch, answer, result: Result, stops: bool):
    told, _ = outcome(Api(monkeypatch, answer))
    assert (told.result, told.stops) == (result, stops)


def test_an_address_that_the_provider_knows_as_dead_is_stopped(monkeypatch: pytest.MonkeyPatch):
    says = (
        "You tried to send to a recipient that has been marked as inactive.\nFound inactive addresses: ada@example.org.\n"
        "Inactive recipients are ones that have generated a hard bounce or a spam complaint. "
    )
    inactive = answering(422, json.dumps({"ErrorCode": 406, "Message": says}))
    told, _ = outcome(Api(monkeypatch, inactive), provider="postmark", settings=POSTMARK)
    assert (told.result, told.stops) == (Result.REFUSED, True)


def test_what_is_no_address_is_refused_without_a_call(monkeypatch: pytest.MonkeyPatch):
    api = Api(monkeypatch, answering(200, TAKEN))
    told, books = outcome(api, letter=Letter(address="nobody", name="", subject="x", text="x", html=""))
    assert (told.result, api.sent, books.handed) == (Result.REFUSED, [], [])


@pytest.mark.parametrize(("items", "means"), [([{"event": "accepted"}], Answer.FOUND), ([], Answer.NOT_YET)])
def test_mailgun_is_asked_for_events_by_message_id(items: list[object], means: Answer):
    provider = Provider(lambda _: httpx.Response(200, json={"items": items}))
    assert sender(transport=provider.transport).ask([question(minutes=90)]) == {REFERENCE: means}
    assert provider.calls[0].url.params["message-id"] == f"{REFERENCE}@shop.example"


def test_postmark_is_asked_by_metadata_and_an_odd_answer_proves_nothing():
    provider = Provider(lambda _: httpx.Response(200, json={"Messages": [{"MessageID": "1"}]}))
    asked = sender("postmark", POSTMARK, transport=provider.transport)
    assert asked.ask([question()]) == {REFERENCE: Answer.FOUND}
    assert provider.calls[0].url.params["metadata_reference"] == REFERENCE
    odd = Provider(lambda _: httpx.Response(500, text="?"))
    assert sender("postmark", POSTMARK, transport=odd.transport).ask([question()]) == {REFERENCE: Answer.NOT_YET}


def test_of_others_nobody_can_be_asked():
    assert sender("brevo", {"api_key": "k"}).ask([question()]) == {REFERENCE: Answer.CANNOT_TELL}


@pytest.mark.parametrize("provider", PROVIDERS)
def test_each_provider_that_is_named_can_be_made(provider: str):
    known = PROVIDERS[provider]
    keys = dict.fromkeys((*known.keys, *known.secrets), "https://api.example/") | dict.fromkeys(
        known.secrets, "ada:secret"
    )
    keys.pop("tracking_webhook_verification_key", None)
    assert backend(provider, keys, timeout=1)
    with pytest.warns() if provider == "sendgrid" else _quiet():
        assert view(provider, keys)


def _quiet():
    from contextlib import nullcontext

    return nullcontext()


def mailgun_event(kind: str, *, token: str = "t1", reference: str = REFERENCE, **data: object) -> bytes:
    timestamp = "1772614800"
    seal = hmac.new(b"hush", f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest()
    event = {
        "event": kind,
        "timestamp": 1772614800.0,
        "recipient": "ada@example.org",
        "user-variables": {"reference": reference},
    }
    return json.dumps(
        {"signature": {"timestamp": timestamp, "token": token, "signature": seal}, "event-data": {**event, **data}}
    ).encode()


def from_mailgun(body: bytes):
    return delivery(body, content_type="application/json")


def test_mailgun_events_are_checked_by_their_signature():
    receipts = AnymailReceipts(provider="mailgun", settings=MAILGUN)
    assert receipts.check(from_mailgun(mailgun_event("delivered"))) is None
    forged = mailgun_event("delivered").replace(b'"token": "t1"', b'"token": "t2"')
    for odd in (forged, b"{}", b"", b"\xff\xfe", b"[]", b'{"signature": 7}'):
        assert receipts.check(from_mailgun(odd)).code == "bad_signature"
    unset = AnymailReceipts(provider="mailgun", settings={"api_key": "key-1"})
    assert unset.check(from_mailgun(mailgun_event("delivered"))).code == "no_secret"


@pytest.mark.parametrize(
    ("event", "kind", "stops"),
    [
        (mailgun_event("delivered"), ReceiptKind.DELIVERED, False),
        (mailgun_event("failed", severity="permanent", reason="bounce"), ReceiptKind.BOUNCED, True),
        (mailgun_event("failed", severity="permanent", reason="generic"), ReceiptKind.BOUNCED, False),
        (mailgun_event("failed", severity="temporary", reason="generic"), ReceiptKind.SOFT, False),
        (mailgun_event("complained"), ReceiptKind.COMPLAINED, True),
        (mailgun_event("unsubscribed"), ReceiptKind.OPTED_OUT, True),
    ],
)
def test_what_an_event_tells(event: bytes, kind: ReceiptKind, stops: bool):
    (receipt,) = AnymailReceipts(provider="mailgun", settings=MAILGUN).read(from_mailgun(event)).receipts
    assert (receipt.kind, receipt.stops, receipt.reference) == (kind, stops, REFERENCE)


def test_what_was_only_opened_tells_nothing_and_nonsense_is_refused():
    receipts = AnymailReceipts(provider="mailgun", settings=MAILGUN)
    assert receipts.read(from_mailgun(mailgun_event("opened"))).receipts == ()
    for odd in (b"{}", b"\xff", b'{"event-data": {"event": ["x"]}}', b'{"event-data": 1}'):
        assert receipts.read(from_mailgun(odd)).refusal.code == "not_an_event"


def test_postmark_is_known_by_the_password_in_the_address_of_its_webhook():
    receipts = AnymailReceipts(provider="postmark", settings=POSTMARK)
    body = json.dumps({
        "RecordType": "Bounce", "Type": "HardBounce", "TypeCode": 1, "MessageID": "m-1", "Email": "ada@example.org",
        "BouncedAt": "2026-03-04T09:00:00Z", "Metadata": {"reference": REFERENCE},
    }).encode()  # fmt: skip

    def sent(password: str):
        return delivery(
            body, content_type="application/json", authorization=f"Basic {b64encode(password.encode()).decode()}"
        )

    assert receipts.check(sent("ada:secret")) is None
    assert receipts.check(sent("ada:guess")).code == "bad_signature"
    assert receipts.check(delivery(body, content_type="application/json")).code == "bad_signature"
    (receipt,) = receipts.read(sent("")).receipts
    assert (receipt.kind, receipt.stops, receipt.reference) == (ReceiptKind.BOUNCED, True, REFERENCE)
