"""Pushes to browsers: sealed for each of them, signed by us, and no more of them to those that are gone."""

import base64
import json
import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import http_ece
import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

from milepost.ground.notices.words import Answer, Browser, Letter, Message, Outcome, Result
from milepost.plugs.senders.webpush import WebPushSender

pytestmark = pytest.mark.clause("NTF-2")
NOW = datetime.now(UTC)
ADA = "customer:1"


def spelt(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


OURS = ec.generate_private_key(ec.SECP256R1())
PRIVATE = spelt(OURS.private_numbers().private_value.to_bytes(32, "big"))
THEIRS, SECRET = ec.generate_private_key(ec.SECP256R1()), bytes(range(16))


def browser(name: str = "a", order_id: int | None = None) -> Browser:
    return Browser(
        endpoint=f"https://push.example/{name}", p256dh=spelt(point(THEIRS)), auth=spelt(SECRET), recipient_key=ADA,
        order_id=order_id,
    )  # fmt: skip


def message(order_id: int = 5, text: str = "Your order is on its way: مرحبا") -> Message:
    letter = Letter(
        address=ADA,
        name="Ada",
        subject="On its way",
        text=text,
        html="",
        link="https://shop.example/t/abc/",
        language="en",
    )
    return Message(reference=f"{order_id:032x}", lane=order_id, letter=letter)


@dataclass
class Books:
    """A lane that remembers."""

    told: dict[str, Outcome] = field(default_factory=dict)

    @contextmanager
    def open(self):
        yield self

    def hand_over(self, references: Collection[str]) -> frozenset[str]:
        return frozenset(references)

    def tell(self, outcomes: Mapping[str, Outcome]) -> None:
        self.told |= outcomes


@dataclass
class Service:
    """A push service that answers as it is told, by the last part of the address."""

    answers: dict[str, int | Exception] = field(default_factory=dict)
    got: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.got.append(request)
        answer = self.answers.get(request.url.path[1:], 201)
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer, headers={"Location": "http://169.254.169.254/"})


def push(
    service: Service, browsers: Sequence[Browser], *messages: Message, forgotten: list[str] | None = None
) -> list[Outcome]:
    gone: list[str] = [] if forgotten is None else forgotten
    sender = WebPushSender(
        private_key=PRIVATE, contact="mailto:help@shop.example", browsers=lambda keys: dict.fromkeys(keys, browsers),
        forget=gone.extend, clock=lambda: NOW, transport=httpx.MockTransport(service),
    )  # fmt: skip
    books = Books()
    sender.send(messages or (message(),), books)
    return [books.told[one.reference] for one in messages or (message(),)]


def test_the_browser_and_nobody_else_can_read_it():
    service = Service()
    assert push(service, [browser()]) == [Outcome(result=Result.SENT)]
    (request,) = service.got
    sealed = request.content
    assert b"On its way" not in sealed
    opened = http_ece.decrypt(sealed, private_key=THEIRS, auth_secret=SECRET, version="aes128gcm")
    assert json.loads(opened) == {
        "title": "On its way", "body": "Your order is on its way: مرحبا", "url": "https://shop.example/t/abc/",
        "tag": message().reference, "lang": "en",
    }  # fmt: skip
    with pytest.raises(Exception):  # noqa: B017, PT011 # whatever the seal says
        http_ece.decrypt(sealed, private_key=OURS, auth_secret=SECRET, version="aes128gcm")


def test_the_push_service_can_tell_that_it_is_us():
    service = Service()
    push(service, [browser()])
    headers = service.got[0].headers
    assert Vapid02.verify(headers["Authorization"])
    token = headers["Authorization"].partition("t=")[2].partition(",")[0]
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert (claims["aud"], claims["sub"]) == ("https://push.example", "mailto:help@shop.example")
    assert 0 < claims["exp"] - NOW.timestamp() <= 24 * 3600
    assert (headers["TTL"], headers["Topic"], headers["Content-Encoding"]) == (
        "86400",
        message().reference,
        "aes128gcm",
    )


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten_and_the_message_has_failed_there(status: int):
    forgotten: list[str] = []
    (outcome,) = push(Service({"a": status}), [browser()], forgotten=forgotten)
    assert (outcome.result, forgotten) == (Result.REFUSED, ["https://push.example/a"])


def test_one_of_several_browsers_is_enough_and_the_gone_one_is_forgotten_all_the_same():
    forgotten: list[str] = []
    (outcome,) = push(Service({"a": 410}), [browser("a"), browser("b")], forgotten=forgotten)
    assert (outcome.result, outcome.detail, forgotten) == (Result.SENT, "1 of 2 browsers", ["https://push.example/a"])


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (201, Result.SENT), (200, Result.SENT), (429, Result.DEFERRED), (500, Result.DEFERRED), (503, Result.DEFERRED),
        (400, Result.REFUSED), (403, Result.REFUSED), (413, Result.REFUSED), (302, Result.REFUSED),
        (httpx.ReadTimeout("slow"), Result.DEFERRED), (httpx.ConnectError("shut"), Result.UNREACHABLE),
        (httpx.RemoteProtocolError("nonsense"), Result.DEFERRED),
    ],
)  # fmt: skip
def test_what_the_push_service_answers(answer: int | Exception, result: Result):
    service = Service({"a": answer})
    assert push(service, [browser()])[0].result is result
    assert len(service.got) == 1, "a redirect is never followed"


def test_who_asked_for_one_order_hears_of_that_one_only():
    service = Service()
    outcomes = push(service, [browser("of-five", 5)], message(5), message(6))
    assert [one.result for one in outcomes] == [Result.SENT, Result.REFUSED]
    assert [request.url.path for request in service.got] == ["/of-five"]


def test_a_very_long_text_is_cut_to_what_a_push_may_hold():
    service = Service()
    assert push(service, [browser()], message(text="é" * 9000))[0].result is Result.SENT
    assert len(service.got[0].content) < 4096


def test_a_push_in_doubt_may_be_sent_again_because_the_second_replaces_the_first():
    sender = WebPushSender(
        private_key=PRIVATE,
        contact="mailto:x@y.example",
        browsers=lambda _: {},
        forget=lambda _: None,
        clock=lambda: NOW,
    )
    assert sender.lookup(["a"]) == {"a": Answer.ABSENT}


def test_nothing_of_it_is_loaded_before_the_first_push_and_the_first_alert():
    program = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "milepost.config.settings"
import django
django.setup()
import milepost.config.urls, milepost.config.errands, milepost.config.wiring as wiring
wiring.other_ways()
print([name for name in ("pywebpush", "py_vapid", "http_ece", "aiohttp", "apprise") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=120)
    assert done.stdout.strip() == "[]", done.stderr
