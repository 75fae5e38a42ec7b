"""SMS by a provider that is only described."""

import hashlib
import hmac
import json
from base64 import b64encode

import httpx
import pytest

from milepost.ground.notices.words import Answer, ReceiptKind, Result
from milepost.plugs.senders.generic import GenericReceipts, GenericSender
from milepost.plugs.senders.generic.shape import at, filled, read_shape
from milepost.plugs.senders.tests.books import REFERENCE, Books, Provider, delivery, question, text_message

DESCRIBED = {
    "name": "acme", "url": "https://acme.example/send", "headers": {"X-Key": "k"}, "id_at": "data.0.id",
    "body": {"messages": [{"to": "{to}", "text": "{sender}: {text}", "ref": "{reference}"}]}, "code_at": "error.code",
    "never_codes": ["no_such_number"], "lookup_url": "https://acme.example/messages/{reference}", "secret": "hush",
    "receipt_reference_at": "message.ref", "receipt_status_at": "message.state", "receipt_code_at": "message.why",
    "receipt_kinds": {"DELIVRD": "delivered", "UNDELIV": "bounced", "ENROUTE": ""},
}  # fmt: skip


def sender(provider: Provider, **changes) -> GenericSender:
    shape = read_shape(DESCRIBED | changes)
    return GenericSender(shape=shape, sent_from="Shop", country="DE", connections=1, transport=provider.transport)


def test_a_message_goes_as_described_and_nothing_in_it_is_taken_for_a_place():
    provider, books = Provider(lambda _: httpx.Response(200, json={"data": [{"id": 77}]})), Books()
    sender(provider).send([text_message(text="Use {reference} or {to}")], books)
    (call,) = provider.calls
    assert json.loads(call.content) == {
        "messages": [{"to": "+491712345678", "text": "Shop: Use {reference} or {to}", "ref": REFERENCE}]
    }
    assert (call.headers["x-key"], books.told[REFERENCE].foreign_id) == ("k", "77")


@pytest.mark.parametrize(
    ("answer", "result", "stops"),
    [
        (httpx.Response(200, json={"data": []}), Result.UNKNOWN, False),
        (httpx.Response(200, text="OK"), Result.UNKNOWN, False),
        (httpx.Response(400, json={"error": {"code": "no_such_number"}}), Result.REFUSED, True),
        (httpx.Response(400, json={"error": {"code": "odd"}}), Result.REFUSED, False),
        (httpx.Response(302), Result.UNKNOWN, False),
    ],
)
def test_what_an_answer_means(answer: httpx.Response, result: Result, stops: bool):
    books = Books()
    sender(Provider(lambda _: answer)).send([text_message()], books)
    assert (books.told[REFERENCE].result, books.told[REFERENCE].stops) == (result, stops)


@pytest.mark.parametrize(
    ("answer", "minutes", "means"),
    [
        (httpx.Response(200, json={"id": 1}), 1, Answer.FOUND), (httpx.Response(404), 1, Answer.NOT_YET),
        (httpx.Response(404), 11, Answer.ABSENT), (httpx.Response(200, text="?"), 11, Answer.NOT_YET),
        (httpx.Response(500), 11, Answer.NOT_YET),
    ],
)  # fmt: skip
def test_it_is_asked_by_our_reference_where_it_can_be_asked(answer: httpx.Response, minutes: int, means: Answer):
    provider = Provider(lambda _: answer)
    assert sender(provider).ask([question(minutes=minutes)]) == {REFERENCE: means}
    assert provider.calls[0].url.path == f"/messages/{REFERENCE}"
    assert sender(provider, lookup_url="").ask([question()]) == {REFERENCE: Answer.CANNOT_TELL}


def signed(body: bytes, *, base64: bool = False):
    digest = hmac.new(b"hush", body, hashlib.sha256)
    return delivery(body, x_signature=b64encode(digest.digest()).decode() if base64 else f"sha256={digest.hexdigest()}")


def test_receipts_are_signed_as_described():
    receipts = GenericReceipts(shape=read_shape(DESCRIBED))
    assert receipts.check(signed(b"{}")) is None
    assert receipts.check(delivery(b"{}", x_signature="00")).code == "bad_signature"
    assert receipts.check(delivery(b"{}")).code == "bad_signature"
    assert GenericReceipts(shape=read_shape(DESCRIBED | {"base64": True})).check(signed(b"{}", base64=True)) is None
    assert GenericReceipts(shape=read_shape(DESCRIBED | {"secret": ""})).check(signed(b"{}")).code == "no_secret"


def test_receipts_are_read_as_described():
    receipts = GenericReceipts(shape=read_shape(DESCRIBED))

    def read(said: object):
        return receipts.read(delivery(json.dumps(said).encode()))

    (lost,) = read({"message": {"ref": REFERENCE, "state": "UNDELIV", "why": "no_such_number"}}).receipts
    assert (lost.kind, lost.stops, lost.reference) == (ReceiptKind.BOUNCED, True, REFERENCE)
    assert read({"message": {"ref": REFERENCE, "state": "ENROUTE"}}).receipts == ()
    assert read({"from": "+491712345678", "text": "STOP"}).reply.text == "STOP"
    assert read({"state": 1}).refusal.code == "not_a_status"
    assert receipts.read(delivery(b"\xff")).refusal.code == "not_json"


@pytest.mark.parametrize("said", [{"name": "acme"}, {"name": "a", "url": "u", "body": {}, "odd": 1}])
def test_a_description_that_makes_no_sense_is_refused(said: dict[str, object]):
    with pytest.raises(ValueError, match="described"):
        read_shape(said)


def test_places_lead_into_lists_and_nowhere():
    assert at("a.1.b", {"a": [0, {"b": 7}]}) == "7"
    assert at("a.9", {"a": [0]}) == at("x", None) == at("a", {"a": True}) == ""
    assert filled({"a": ["{x}{y}"], "b": 3}, {"x": "1"}) == {"a": ["1{y}"], "b": 3}
