"""SMS by Twilio: what its answers mean, how it is asked, whom its webhooks must be from."""

import json
from pathlib import Path
from urllib.parse import parse_qs, urlencode

import httpx
import pytest

from milepost.ground.notices.words import Answer, Delivery, ReceiptKind, Result
from milepost.plugs.senders.tests.books import NOW, REFERENCE, Books, Provider, delivery, question, text_message
from milepost.plugs.senders.twilio import TwilioReceipts, TwilioSender
from milepost.plugs.senders.twilio.signature import signature

VECTORS = Path(__file__).parents[7] / "shared" / "data" / "webhook_vectors" / "vectors.json"
TOKEN = "12345"
URL = f"https://shop.example/webhooks/receipts/twilio/?reference={REFERENCE}"


def sender(provider: Provider, **changes) -> TwilioSender:
    values = {"account": "AC1", "token": TOKEN, "sent_from": "+15005550006", "country": "DE", "connections": 1,
              "receipts_url": "https://shop.example/webhooks/receipts/twilio/", "transport": provider.transport}  # fmt: skip
    return TwilioSender(**(values | changes))


def sent(answer: httpx.Response | Exception, **message) -> tuple[Provider, Books]:
    def says(_: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    provider, books = Provider(says), Books()
    sender(provider).send([text_message(**message)], books)
    return provider, books


def test_a_message_goes_with_its_number_in_full_and_our_reference_in_the_address_of_its_receipts():
    provider, books = sent(
        httpx.Response(201, json={"sid": "SM1", "status": "queued", "code": None}), to="0171 2345678"
    )
    (call,) = provider.calls
    said = parse_qs(call.content.decode())
    assert call.url.path == "/2010-04-01/Accounts/AC1/Messages.json"
    assert said["To"] == ["+491712345678"]
    assert said["StatusCallback"] == [URL]
    assert (books.told[REFERENCE].result, books.told[REFERENCE].foreign_id) == (Result.SENT, "SM1")
    assert "12345" not in repr(sender(provider))


@pytest.mark.parametrize(
    ("answer", "result", "stops"),
    [
        (httpx.Response(400, json={"code": 21211, "status": 400}), Result.REFUSED, True),
        (httpx.Response(400, json={"code": 21610, "status": 400}), Result.REFUSED, True),
        (httpx.Response(400, json={"code": 21612, "status": 400}), Result.REFUSED, False),
        (httpx.Response(401, json={"code": 20003, "status": 401}), Result.UNREACHABLE, False),
        (httpx.Response(429, json={"code": 20429, "status": 429}), Result.DEFERRED, False),
        (httpx.Response(429), Result.DEFERRED, False),
        (httpx.Response(500), Result.UNKNOWN, False),
        (httpx.Response(201, text="<html>"), Result.UNKNOWN, False),
        (httpx.Response(201, json=["SM1"]), Result.UNKNOWN, False),
        (httpx.ConnectError("no route"), Result.UNREACHABLE, False),
        (httpx.ReadTimeout("silence"), Result.UNKNOWN, False),
        (httpx.RemoteProtocolError("cut off"), Result.UNKNOWN, False),
    ],
)
def test_what_an_answer_means(answer, result: Result, stops: bool):
    _, books = sent(answer)
    assert (books.told[REFERENCE].result, books.told[REFERENCE].stops) == (result, stops)


def test_what_is_no_number_is_refused_without_a_call():
    provider, books = sent(httpx.Response(500), to="Ada")
    assert (provider.calls, books.handed, books.results) == ([], [], {REFERENCE: Result.REFUSED})


def test_a_provider_that_stops_answering_is_not_given_more():
    def says(_: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("silence")

    provider, books = Provider(says), Books()
    sender(provider).send([text_message(f"{number:032x}") for number in range(9)], books)
    assert (len(provider.calls), len(books.handed)) == (2, 2)


def test_a_message_that_another_worker_has_is_not_sent():
    provider, books = Provider(lambda _: httpx.Response(500)), Books(lost=frozenset({REFERENCE}))
    sender(provider).send([text_message()], books)
    assert (provider.calls, books.told) == ([], {})


def listed(*bodies: str, made: str = "Wed, 04 Mar 2026 09:00:05 +0000") -> Provider:
    rows = [{"body": one, "direction": "outbound-api", "date_created": made} for one in bodies]

    def says(request: httpx.Request) -> httpx.Response:
        if "Page=1" in str(request.url) or len(rows) < 2:
            return httpx.Response(200, json={"messages": rows[-1:], "next_page_uri": None})
        page = "/2010-04-01/Accounts/AC1/Messages.json?Page=1"
        return httpx.Response(200, json={"messages": rows[:-1], "next_page_uri": page})

    return Provider(says)


def answer(provider: Provider, **asked) -> Answer:
    return sender(provider).ask([question(**asked)])[REFERENCE]


def test_it_is_asked_by_number_and_told_by_the_words_on_every_page():
    assert answer(listed("Another.", "It is on its way.")) == Answer.FOUND
    assert answer(listed("Another.", "One more.")) == Answer.NOT_YET
    assert answer(listed("It is on its way.", made="Wed, 04 Mar 2026 08:00:00 +0000")) == Answer.NOT_YET


def test_only_after_a_while_is_it_certain_that_a_message_is_not_there():
    assert answer(listed(), minutes=1) == Answer.NOT_YET
    assert answer(listed(), minutes=4) == Answer.ABSENT


@pytest.mark.parametrize(
    "nonsense", [httpx.Response(500), httpx.Response(200, text="?"), httpx.Response(200, json=[1])]
)
def test_an_answer_that_makes_no_sense_proves_nothing(nonsense: httpx.Response):
    assert answer(Provider(lambda _: nonsense), minutes=60) == Answer.NOT_YET


@pytest.mark.skipif(not VECTORS.exists(), reason="the shared data are not here")
def test_published_cases_of_signatures():
    (case,) = [one for one in json.loads(VECTORS.read_text()) if one["scheme"] == "twilio"]
    assert signature(case["url"], case["form"].items(), case["secret"]) == case["headers"]["X-Twilio-Signature"]
    body = urlencode(case["form"]).encode()
    good = Delivery(
        url=case["url"], body=body, received_at=NOW,
        headers={**case["headers"], "content-type": "application/x-www-form-urlencoded"},
    )  # fmt: skip
    receipts = TwilioReceipts(token=case["secret"])
    assert receipts.check(good) is None
    for changed in (
        Delivery(url=case["url"] + "1", body=body, received_at=NOW, headers=good.headers),
        Delivery(url=case["url"], body=body + b"1", received_at=NOW, headers=good.headers),
        Delivery(url=case["url"], body=body, received_at=NOW, headers={**good.headers, "X-Twilio-Signature": "AAAA"}),
    ):
        assert receipts.check(changed).code == "bad_signature"


def told(url: str = URL, **fields: str) -> Delivery:
    made = delivery(urlencode(fields).encode(), url=url, content_type="application/x-www-form-urlencoded")
    right = signature(url, fields.items(), TOKEN)
    return Delivery(url=url, body=made.body, received_at=NOW, headers={**made.headers, "x-twilio-signature": right})


def test_it_fails_closed_without_a_token_or_a_signature():
    assert TwilioReceipts(token="").check(told(MessageStatus="sent")).code == "no_secret"
    assert TwilioReceipts(token=TOKEN).check(delivery(b"")).code == "unsigned"
    assert TwilioReceipts(token=TOKEN).check(told(MessageStatus="sent")) is None


def test_an_address_counts_with_and_without_its_usual_port():
    url = URL.replace("shop.example", "shop.example:443")
    signed = told(url, MessageStatus="sent")
    assert TwilioReceipts(token=TOKEN).check(
        Delivery(url=URL, body=signed.body, received_at=NOW, headers=signed.headers)
    ) is None  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "kind", "stops"),
    [
        ({"MessageStatus": "delivered"}, ReceiptKind.DELIVERED, False),
        ({"MessageStatus": "undelivered", "ErrorCode": "30005"}, ReceiptKind.BOUNCED, True),
        ({"MessageStatus": "undelivered", "ErrorCode": "30003"}, ReceiptKind.BOUNCED, False),
        ({"MessageStatus": "failed", "ErrorCode": "21610"}, ReceiptKind.OPTED_OUT, True),
    ],
)
def test_what_a_status_tells(fields: dict[str, str], kind: ReceiptKind, stops: bool):
    read = TwilioReceipts(token=TOKEN).read(told(**fields, MessageSid="SM1"))
    (receipt,) = read.receipts
    assert (receipt.kind, receipt.stops, receipt.reference, receipt.foreign_id) == (kind, stops, REFERENCE, "SM1")


def test_what_is_underway_tells_nothing_and_nonsense_is_refused():
    receipts = TwilioReceipts(token=TOKEN)
    assert receipts.read(told(MessageStatus="sent")).receipts == ()
    assert receipts.read(told(MessageStatus="sent")).refusal is None
    for odd in (
        told(MessageStatus="vanished"),
        told(),
        delivery(b"\xff\xfe", content_type="application/x-www-form-urlencoded"),
    ):
        assert receipts.read(odd).refusal.code == "not_a_status"


def test_who_answers_stop_is_heard_as_twilio_took_it_and_others_are_read_by_people():
    receipts = TwilioReceipts(token=TOKEN)
    stop = receipts.read(told(SmsStatus="received", From="+491712345678", Body="Arret", OptOutType="STOP"))
    assert [(one.kind, one.address) for one in stop.receipts] == [(ReceiptKind.OPTED_OUT, "+491712345678")]
    asked = receipts.read(told(SmsStatus="received", From="+491712345678", Body="Where is it?"))
    assert (asked.receipts, asked.reply.text) == ((), "Where is it?")
