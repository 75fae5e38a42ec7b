"""SMS by Vonage: its answers, its reports, its signed webhooks."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from decimal import Decimal

import httpx
import pytest

from milepost.ground.notices.words import Answer, Delivery, ReceiptKind, Result
from milepost.plugs.senders.tests.books import NOW, REFERENCE, Books, Provider, delivery, question, text_message
from milepost.plugs.senders.vonage import VonageReceipts, VonageSender

SECRET = "a signature secret"


def sender(provider: Provider) -> VonageSender:
    return VonageSender(
        key="abcd1234", secret="s", sent_from="Shop", country="DE", connections=1, transport=provider.transport
    )


def outcome(answer: httpx.Response):
    provider, books = Provider(lambda _: answer), Books()
    sender(provider).send([text_message()], books)
    return provider, books.told[REFERENCE]


def test_a_message_goes_with_our_reference():
    provider, told = outcome(httpx.Response(202, json={"message_uuid": "u-1"}))
    said = json.loads(provider.calls[0].content)
    assert (said["client_ref"], said["to"], said["from"]) == (REFERENCE, "491712345678", "Shop")
    assert (told.result, told.foreign_id) == (Result.SENT, "u-1")


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (httpx.Response(202, text="ok"), Result.UNKNOWN),
        (httpx.Response(202, json={"message_uuid": 7}), Result.UNKNOWN),
        (httpx.Response(401, json={"title": "Unauthorized"}), Result.UNREACHABLE),
        (httpx.Response(402, json={"title": "Payment Required"}), Result.UNREACHABLE),
        (httpx.Response(422, json={"title": "Invalid params"}), Result.REFUSED),
        (httpx.Response(429, json={"title": "Rate Limit Hit"}), Result.DEFERRED),
        (httpx.Response(500, json={"title": "Internal error"}), Result.UNKNOWN),
    ],
)
def test_what_an_answer_means(answer: httpx.Response, result: Result):
    assert outcome(answer)[1].result == result


@pytest.mark.parametrize(
    ("records", "answer"),
    [([{"client_ref": REFERENCE}], Answer.FOUND), ([{"client_ref": "another"}], Answer.NOT_YET), ([], Answer.NOT_YET)],
)
def test_reports_find_what_was_taken_and_never_prove_that_something_was_not(records, answer: Answer):
    provider = Provider(lambda _: httpx.Response(200, json={"records": records}))
    assert sender(provider).ask([question(minutes=600)]) == {REFERENCE: answer}
    assert provider.calls[0].url.params["client_ref"] == REFERENCE


def part(said: object) -> str:
    return urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()


def signed(body: bytes, *, secret: str = SECRET, alg: str = "HS256", seconds: float = 0, **claims: object) -> Delivery:
    said = {"iat": NOW.timestamp() - seconds, "jti": "one", "payload_hash": hashlib.sha256(body).hexdigest(), **claims}
    head = f"{part({'alg': alg, 'typ': 'JWT'})}.{part(said)}"
    seal = hmac.new(secret.encode(), head.encode(), hashlib.sha256).digest()
    token = f"{head}.{urlsafe_b64encode(seal).rstrip(b'=').decode()}"
    return Delivery(url="", headers={"Authorization": f"Bearer {token}"}, body=body, received_at=NOW)


def refused(made: Delivery, secret: str = SECRET) -> str:
    refusal = VonageReceipts(secret=secret).check(made)
    return refusal.code if refusal else ""


def test_only_a_fresh_token_of_ours_for_this_very_body_is_believed():
    body = b'{"status":"delivered"}'
    assert refused(signed(body)) == ""
    assert refused(signed(body), secret="") == "no_secret"
    assert refused(delivery(body)) == "unsigned"
    assert refused(signed(body, secret="another")) == "bad_signature"
    assert refused(signed(body, alg="none")) == "bad_signature"
    assert refused(signed(body, payload_hash="0" * 64)) == "bad_signature"
    assert refused(signed(body, iat="now")) == "bad_signature"
    assert refused(signed(body, seconds=90000)) == "stale"
    assert refused(signed(body, seconds=-600)) == "stale"
    made = signed(body)
    assert refused(Delivery(url="", headers=made.headers, body=body + b" ", received_at=NOW)) == "bad_signature"
    for token in ("Bearer x", "Bearer a.b.c", "Bearer ", "Bearer é.é.é"):
        assert refused(Delivery(url="", headers={"authorization": token}, body=body, received_at=NOW)) in (
            "bad_signature",
            "unsigned",
        )


def test_a_repeated_delivery_is_known_by_its_token():
    assert VonageReceipts(secret=SECRET).delivery_id(signed(b"{}")) == "one"


def read(**said: object):
    return VonageReceipts(secret=SECRET).read(delivery(json.dumps(said).encode()))


def test_a_status_tells_what_became_of_the_message_and_what_it_cost():
    (receipt,) = read(
        message_uuid="u-1", client_ref=REFERENCE, status="delivered", timestamp="2026-03-04T08:59:00Z",
        usage={"currency": "eur", "price": "0.0333"},
    ).receipts  # fmt: skip
    assert (receipt.kind, receipt.reference) == (ReceiptKind.DELIVERED, REFERENCE)
    assert (receipt.price, receipt.currency) == (Decimal("0.0333"), "EUR")


@pytest.mark.parametrize(("code", "stops"), [("1280", True), ("1230", False), ("1070", False)])
def test_what_is_rejected_stops_the_number_only_where_the_number_is_the_fault(code: str, stops: bool):
    (receipt,) = read(status="rejected", client_ref=REFERENCE, error={"title": code, "detail": "…"}).receipts
    assert (receipt.kind, receipt.code, receipt.stops) == (ReceiptKind.BOUNCED, code, stops)


def test_other_things_are_nothing_a_reply_or_nonsense():
    assert read(status="submitted").receipts == ()
    assert read(**{"from": "491712345678", "text": "Stop"}).reply.address == "+491712345678"
    assert read(status="gone").refusal.code == "not_a_status"
    for body in (b"", b"\xff", b"[]", b"[" * 100_000):
        assert VonageReceipts(secret=SECRET).read(delivery(body)).refusal
