"""Carriers are asked by their documented interfaces, against a played server: tokens, limits, failures, nonsense."""

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from milepost.plugs.carriers.asking import LARGEST, Line
from milepost.plugs.carriers.dhl import DhlExpressPoller, DhlPoller
from milepost.plugs.carriers.fedex import FedexPoller, fedex
from milepost.plugs.carriers.karrio import KarrioPoller
from milepost.plugs.carriers.ups import Ups, UpsPoller
from milepost.plugs.carriers.usps import Usps, UspsPoller
from milepost.way.tracking.polling import Asked, Polled, Verdict
from milepost.way.tracking.ports import TrackingPoller

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
ONE, TWO = "1Z023E2X0214323462", "1ZABCDEF0112345678"
Reply = Callable[[httpx.Request], httpx.Response]


def asked(*numbers: str) -> list[Asked]:
    return [Asked(number=number, shipped_at=NOW - timedelta(days=2)) for number in numbers or (ONE,)]


@dataclass
class Played:
    """A carrier's server: it gives tokens that it takes, and answers by `reply`. Keeps what it was asked."""

    reply: Reply = lambda _: httpx.Response(200, json={})
    lasts: Any = "14399"
    tokens: list[str] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    asked: list[httpx.Request] = field(default_factory=list)
    granted: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if "oauth" in request.url.path:
            self.granted.append(request)
            token = f"token-{len(self.granted)}"
            self.taken.add(token)
            return httpx.Response(200, json={"token_type": "Bearer", "access_token": token, "expires_in": self.lasts})
        self.asked.append(request)
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self.granted and bearer not in self.taken:
            return httpx.Response(401, json={"response": {"errors": [{"code": "250002", "message": "Invalid token"}]}})
        return self.reply(request)

    @property
    def line(self) -> Line:
        return Line(transport=httpx.MockTransport(self))


def ups(played: Played) -> UpsPoller:
    return UpsPoller("our-id", "our-secret", line=played.line)


def every(played: Played) -> list[TrackingPoller]:
    return [
        ups(played), FedexPoller("id", "secret", line=played.line), UspsPoller("id", "secret", line=played.line),
        DhlPoller("key", line=played.line), DhlExpressPoller("user", "password", line=played.line),
    ]  # fmt: skip


EVERY = range(5)
ANSWER = {"trackResponse": {"shipment": [{"inquiryNumber": ONE, "package": [{"trackingNumber": ONE, "activity": [
    {"date": "20261115", "time": "103000", "gmtDate": "20261115", "gmtTime": "153000", "gmtOffset": "-05:00",
     "location": {"address": {"city": "PARAMUS", "stateProvince": "NJ", "countryCode": "US"}},
     "status": {"type": "I", "code": "OT", "statusCode": "021", "description": "Out For Delivery"}}]}]}]}}  # fmt: skip


@pytest.mark.clause("TRK-2")
def test_ups_is_asked_with_a_token_by_basic_login_and_its_answer_is_passed_on_as_it_came() -> None:
    played = Played(lambda _: httpx.Response(200, json=ANSWER, headers={"content-type": "application/json"}))
    polled = ups(played).poll(asked(), NOW)
    (grant,), (request,) = played.granted, played.asked
    assert grant.headers["authorization"] == f"Basic {base64.b64encode(b'our-id:our-secret').decode()}"
    assert parse_qs(grant.content.decode()) == {"grant_type": ["client_credentials"]}
    assert (request.method, request.url.path) == ("GET", f"/api/track/v1/details/{ONE}")
    assert request.headers["transid"]
    assert request.headers["transactionsrc"] == "milepost"
    assert (polled.verdict, polled.status, json.loads(polled.body)) == (Verdict.ANSWERED, 200, ANSWER)
    assert [event.kind.value for event in Ups().read(polled.body).events] == ["out_for_delivery"]


def test_fedex_is_asked_about_thirty_at_once_and_its_transaction_does_not_make_another_answer() -> None:
    count = iter(range(10))
    played = Played(
        lambda _: httpx.Response(200, json={"transactionId": next(count), "output": {"completeTrackResults": []}})
    )
    poller = FedexPoller("id", "secret", line=played.line)
    first, second = (poller.poll(asked(*map(str, range(30))), NOW) for _ in range(2))
    assert (poller.at_once, first.body != second.body, first.fingerprint == second.fingerprint != "") == (
        30,
        True,
        True,
    )
    sent = json.loads(played.asked[0].content)
    assert len(sent["trackingInfo"]) == 30
    assert sent["includeDetailedScans"] is True
    assert sent["trackingInfo"][3] == {
        "trackingNumberInfo": {"trackingNumber": "3"}, "shipDateBegin": "2026-11-07", "shipDateEnd": "2026-12-29",
    }  # fmt: skip
    assert parse_qs(played.granted[0].content.decode())["client_secret"] == ["secret"]
    assert fedex().read(first.body).events == ()


def test_usps_is_asked_about_several_at_once_and_a_partial_answer_counts() -> None:
    said = [
        {"trackingNumber": "94001", "trackingEvents": [{"eventCode": "OF", "GMTTimestamp": "2026-11-16T08:00:00Z"}]},
        {"trackingNumber": "94002", "error": {"code": "404", "message": "Not found"}, "statusCode": "404"},
    ]
    played = Played(lambda _: httpx.Response(207, json=said))
    polled = UspsPoller("id", "secret", line=played.line).poll(asked("94001", "94002"), NOW)
    assert json.loads(played.granted[0].content)["scope"] == "tracking"
    assert json.loads(played.asked[0].content) == [{"trackingNumber": "94001"}, {"trackingNumber": "94002"}]
    assert played.asked[0].url.path == "/tracking/v3r2/tracking"
    assert polled.verdict is Verdict.ANSWERED
    assert [event.tracking_number for event in Usps().read(polled.body).events] == ["94001"]


def test_dhl_is_asked_with_its_key_and_express_with_its_login() -> None:
    played = Played()
    DhlPoller("our-key", line=played.line).poll(asked("00340434161094042557"), NOW)
    DhlExpressPoller("user", "password", line=played.line).poll(asked("12/34"), NOW)
    unified, express = played.asked
    assert (unified.headers["dhl-api-key"], unified.url.params["trackingNumber"]) == ("our-key", "00340434161094042557")
    assert express.url.raw_path.startswith(b"/mydhlapi/shipments/12%2F34/tracking?")
    assert express.headers["authorization"].startswith("Basic ")


def test_a_token_is_kept_until_shortly_before_it_ends() -> None:
    played = Played(lasts="3600")
    poller = ups(played)
    for minutes in (0, 10, 58):
        poller.poll(asked(), NOW + timedelta(minutes=minutes))
    assert len(played.granted) == 1
    poller.poll(asked(), NOW + timedelta(minutes=59, seconds=1))
    assert len(played.granted) == 2


def test_a_token_that_is_not_taken_any_more_is_renewed_once_and_the_question_asked_again() -> None:
    played = Played()
    poller = ups(played)
    assert poller.poll(asked(), NOW).verdict is Verdict.ANSWERED
    played.taken.clear()
    assert poller.poll(asked(), NOW).verdict is Verdict.ANSWERED
    assert (len(played.granted), len(played.asked)) == (2, 3)


def test_credentials_that_are_not_taken_lock_us_out_without_a_storm_of_questions() -> None:
    played = Played(lambda _: httpx.Response(401))
    poller = ups(played)
    assert poller.poll(asked(), NOW).verdict is Verdict.LOCKED_OUT
    assert (len(played.granted), len(played.asked)) == (2, 2)
    refused = UpsPoller("id", "wrong", line=Line(transport=httpx.MockTransport(lambda _: httpx.Response(401))))
    assert refused.poll(asked(), NOW).verdict is Verdict.LOCKED_OUT
    assert "wrong" not in repr(refused)


@pytest.mark.parametrize(
    "answer", [b"<html>", b"{}", b'{"access_token": 7}', b'["t"]', b'{"access_token": "a\\nb"}', b"\xff"]
)
def test_an_answer_without_a_token_is_a_failure_and_not_an_accident(answer: bytes) -> None:
    line = Line(transport=httpx.MockTransport(lambda _: httpx.Response(200, content=answer)))
    assert UpsPoller("id", "secret", line=line).poll(asked(), NOW).verdict is Verdict.AWAY


@pytest.mark.parametrize("lasts", [None, "soon", -5, "1e9999", 10**30])
def test_a_token_that_lasts_an_odd_time_is_used_all_the_same(lasts: Any) -> None:
    assert ups(Played(lasts=lasts)).poll(asked(), NOW).verdict is Verdict.ANSWERED


VERDICTS = {
    200: Verdict.ANSWERED, 207: Verdict.ANSWERED, 204: Verdict.REFUSED, 302: Verdict.REFUSED, 400: Verdict.REFUSED,
    401: Verdict.LOCKED_OUT, 403: Verdict.LOCKED_OUT, 404: Verdict.NOT_FOUND, 408: Verdict.AWAY, 429: Verdict.TOO_OFTEN,
    500: Verdict.AWAY, 502: Verdict.AWAY, 503: Verdict.AWAY,
}  # fmt: skip


@pytest.mark.parametrize("place", EVERY)
@pytest.mark.parametrize("status", sorted(VERDICTS))
def test_every_carrier_s_answer_has_a_plain_verdict_and_only_answers_are_passed_on(place: int, status: int) -> None:
    played = Played(lambda _: httpx.Response(status, content=b"some words"))
    polled = every(played)[place].poll(asked(), NOW)
    assert (polled.verdict, polled.numbers) == (VERDICTS[status], (ONE,))
    assert bool(polled.body) == (polled.verdict is Verdict.ANSWERED)
    assert bool(polled.says) == (polled.verdict not in (Verdict.ANSWERED, Verdict.NOT_FOUND))


@pytest.mark.parametrize(
    ("said", "rest"),
    [
        ("120", timedelta(minutes=2)),
        ("Mon, 16 Nov 2026 09:05:00 GMT", timedelta(minutes=5)),
        ("Mon, 16 Nov 2026 08:05:00 GMT", timedelta(0)),
        ("-5", timedelta(0)),
        ("99999999", timedelta(days=1)),
        ("1e12", timedelta(days=1)),
        ("1e300", None),
        ("soon", None),
        ("", None),
    ],
)
def test_how_long_a_carrier_wants_to_be_left_alone_is_heard_up_to_a_day(said: str, rest: timedelta | None) -> None:
    played = Played(lambda _: httpx.Response(429, headers={"retry-after": said}))
    assert ups(played).poll(asked(), NOW).retry_after == rest


@pytest.mark.parametrize(
    "error", [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError, httpx.DecodingError]
)
@pytest.mark.parametrize("place", EVERY)
def test_a_carrier_that_cannot_be_reached_is_away(place: int, error: type[httpx.HTTPError]) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise error("no")

    polled = every(Played(fail))[place].poll(asked(), NOW)
    assert polled.verdict is Verdict.AWAY
    assert polled.says


def test_an_endless_answer_is_cut_off() -> None:
    played = Played(lambda _: httpx.Response(200, content=b" " * (LARGEST + 1)))
    assert ups(played).poll(asked(), NOW).verdict is Verdict.AWAY


def test_threads_share_one_token() -> None:
    played = Played()
    poller = ups(played)
    threads = [threading.Thread(target=poller.poll, args=[asked(), NOW]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(played.granted), len(played.asked)) == (1, 8)


class Slow(BaseHTTPRequestHandler):
    """A real server that answers the question a moment later than anybody waits."""

    def do_GET(self) -> None:
        time.sleep(0.6)
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nobody reads it."""


@pytest.fixture
def slow() -> Iterator[str]:
    """The address of a slow server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_nobody_waits_for_ever_for_a_real_server(slow: str) -> None:
    began = time.monotonic()
    polled = DhlPoller("key", url=slow, line=Line(seconds=0.2)).poll(asked(), NOW)
    assert (polled.verdict, polled.says) == (Verdict.AWAY, "No answer in time.")
    assert time.monotonic() - began < 0.6


def test_nobody_at_the_address_is_away() -> None:
    assert DhlPoller("key", url="http://127.0.0.1:1", line=Line(seconds=0.5)).poll(asked(), NOW).verdict is Verdict.AWAY


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        ("<a/>", b"<a/>"),
        (b"{}", b"{}"),
        ([("N1", '{"b": 1}')], b'{"b": 1}'),
        (['{"b": 1}'], b'{"b": 1}'),
        ([{"b": 1}], b'{"b": 1}'),
        ({"b": 1}, b'{"b": 1}'),
    ],
)
def test_karrio_brings_the_carrier_s_own_bytes_however_it_wraps_them(
    monkeypatch: pytest.MonkeyPatch, answer: Any, body: bytes
) -> None:
    poller = KarrioPoller("canpar", {"username": "u"})
    monkeypatch.setattr(KarrioPoller, "_ask", lambda self, number: answer)
    polled = poller.poll(asked("N1"), NOW)
    assert (polled.verdict, polled.body, polled.numbers) == (Verdict.ANSWERED, body, ("N1",))
    assert (poller.name, KarrioPoller("mydhl", {}).name, KarrioPoller("mydhl", {}).carriers) == (
        "canpar", "dhl_express", ("dhl express",),
    )  # fmt: skip


@pytest.mark.parametrize("failing", [ImportError("no karrio"), KeyError("x"), RuntimeError("HTTP 500")])
def test_whatever_karrio_fails_with_the_carrier_is_away(monkeypatch: pytest.MonkeyPatch, failing: Exception) -> None:
    def fail(self: KarrioPoller, number: str) -> Any:
        raise failing

    monkeypatch.setattr(KarrioPoller, "_ask", fail)
    polled: Polled = KarrioPoller("canpar", {"password": "hidden"}).poll(asked(), NOW)
    assert polled.verdict is Verdict.AWAY
    assert "hidden" not in polled.says + repr(KarrioPoller("canpar", {"password": "hidden"}))
    empty: tuple[Any, ...] = ("", None, [], {})
    for nothing in empty:
        monkeypatch.setattr(KarrioPoller, "_ask", lambda self, number, said=nothing: said)
        assert KarrioPoller("canpar", {}).poll(asked(), NOW).verdict is Verdict.AWAY
