"""Providers' webhooks: what is signed is kept, everything else stays outside."""

import hashlib
import hmac
import json
from base64 import b64encode
from typing import Any

import pytest
from django.test import RequestFactory

from milepost.plugs.inboxes.anymail import Providers
from milepost.plugs.inboxes.mail.envelope import Envelope

RAW = "From: Ada Okafor <ada@okafor.example>\nTo: orders@milepost.example\nMessage-ID: <1@a>\nSubject: Order\n\n5 x AB-12\n"
SECRETS = {"mailgun": "key-1", "postmark": "mona:secret", "sendgrid": "mona:secret"}
AUTH = {"HTTP_AUTHORIZATION": "Basic " + b64encode(b"mona:secret").decode()}


def sent(provider: str, *, secrets=None, **request) -> tuple[int, list[Envelope]]:
    kept: list[Envelope] = []
    view = Providers(keep=kept.append, secrets=SECRETS if secrets is None else secrets).view()
    answer = view(RequestFactory().post(f"/webhooks/mail/{provider}/", **request), provider=provider)
    return answer.status_code, kept


def mailgun(key: str = "key-1") -> dict[str, Any]:
    token, timestamp = "t" * 50, "1795000000"
    signature = hmac.new(key.encode(), (timestamp + token).encode(), hashlib.sha256).hexdigest()
    said = {"sender": "ada@okafor.example", "recipient": "orders@milepost.example", "body-mime": RAW}
    return {"data": {**said, "timestamp": timestamp, "token": token, "signature": signature}}


def postmark(**headers: str) -> dict[str, Any]:
    said = {
        "MessageID": "1", "RawEmail": RAW,
        "Headers": [{"Name": "Return-Path", "Value": "<ada@okafor.example>"}], "StrippedTextReply": "",
        "FromFull": {"Email": "ada@okafor.example", "Name": "Ada"}, "ToFull": [], "CcFull": [], "BccFull": [],
    }  # fmt: skip
    return {"data": json.dumps(said), "content_type": "application/json", **headers}


def sendgrid(**headers: str) -> dict[str, Any]:
    return {
        "data": {"email": RAW, "envelope": '{"from": "ada@okafor.example", "to": ["orders@milepost.example"]}'},
        **headers,
    }


@pytest.mark.clause("REC-1")
@pytest.mark.parametrize(
    ("provider", "request_"), [("mailgun", mailgun()), ("postmark", postmark(**AUTH)), ("sendgrid", sendgrid(**AUTH))]
)
def test_what_a_provider_sends_under_its_secret_is_kept(provider, request_):
    status, kept = sent(provider, **request_)
    assert status == 200
    (one,) = kept
    assert (one.sender, one.subject, one.way) == ("Ada Okafor <ada@okafor.example>", "Order", provider)
    assert one.raw.startswith(b"Return-Path: <ada@okafor.example>")
    assert b"5 x AB-12" in one.raw


WRONG = {"HTTP_AUTHORIZATION": "Basic " + b64encode(b"mona:wrong").decode()}


@pytest.mark.parametrize(
    ("provider", "request_"),
    [
        ("mailgun", mailgun("another key")), ("mailgun", {"data": {"body-mime": RAW}}), ("postmark", postmark()),
        ("postmark", postmark(**WRONG)), ("sendgrid", sendgrid()), ("sendgrid", sendgrid(**WRONG)),
    ],
)  # fmt: skip
def test_what_is_not_signed_is_refused_and_not_kept(provider, request_):
    assert sent(provider, **request_) == (403, [])


@pytest.mark.parametrize("provider", ["mailgun", "postmark", "sendgrid", "nobody"])
def test_a_provider_without_its_secret_in_the_settings_is_not_there(provider):
    request = {"mailgun": mailgun(""), "postmark": postmark(), "sendgrid": sendgrid()}.get(provider, {})
    assert sent(provider, secrets={"mailgun": "", "postmark": ""}, **request) == (404, [])


def test_what_is_no_message_is_refused():
    assert sent("postmark", data="[1]", content_type="application/json", **AUTH)[0] == 422
    assert sent("postmark", data="{", content_type="application/json", **AUTH)[0] == 422
    assert sent("sendgrid", data={}, **AUTH)[0] == 422
