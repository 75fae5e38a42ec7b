"""Calling endpoints: receipts, silence, redirects, patience, and addresses inside."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest

from milepost.ground.webhooks.words import Answer, Call
from milepost.kernel.ids import new_id
from milepost.plugs.http import client
from milepost.plugs.http.tests.here import serving
from milepost.plugs.webhooks.http import HttpCaller

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def a_call(url: str = "https://peer.example/hook") -> Call:
    return Call(delivery_id=new_id(), url=url, headers={"webhook-id": "M1.1"}, body=b"{}")


def answered(answer: httpx.Response | Exception) -> Answer:
    def say(request: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    def line() -> httpx.Client:
        return client(timeout=1, lookup=lambda host, port: ["93.184.215.14"], inner=httpx.MockTransport(say))

    call = a_call()
    return HttpCaller(line=line, clock=lambda: NOW).call([call])[call.delivery_id]


def test_a_receipt() -> None:
    assert answered(httpx.Response(204)).status == 204


def test_a_redirect_is_not_followed() -> None:
    answer = answered(httpx.Response(302, headers={"location": "https://elsewhere.example/"}))
    assert answer.status == 302
    assert "not followed" in answer.detail


@pytest.mark.parametrize(
    "trouble", [httpx.ReadTimeout("late"), httpx.ConnectError("away"), httpx.RemoteProtocolError("odd")]
)
def test_silence_is_no_status(trouble: Exception) -> None:
    answer = answered(trouble)
    assert answer.status is None
    assert type(trouble).__name__ in answer.detail


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("Mon, 02 Mar 2026 09:10:00 GMT", timedelta(minutes=10)),
        ("Mon, 02 Mar 2026 08:10:00 GMT", timedelta(0)),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_patience_is_read(said: str, wait: timedelta | None) -> None:
    assert answered(httpx.Response(503, headers={"retry-after": said})).wait == wait


def test_a_machine_of_ours_is_not_called_unless_the_installation_trusts_it() -> None:
    with serving() as (inside, calls):
        call = a_call(f"http://{inside}/hook")
        assert HttpCaller().call([call])[call.delivery_id].status is None
        assert calls == []
        assert HttpCaller(allowed=frozenset({inside})).call([call])[call.delivery_id].status == 200
        assert [one["webhook-id"] for one in calls] == ["M1.1"]


def test_calls_of_one_endpoint_keep_their_order_and_none_is_forgotten() -> None:
    with serving() as (inside, got):
        calls = [
            Call(delivery_id=new_id(), url=f"http://{inside}/", headers={"webhook-id": str(n)}, body=b"{}")
            for n in range(9)
        ]
        answers = HttpCaller(allowed=frozenset({inside})).call(calls)
        assert set(answers) == {call.delivery_id for call in calls}
        assert [one["webhook-id"] for one in got] == [str(n) for n in range(9)]


def test_nothing_to_call_is_nothing() -> None:
    empty: dict[UUID, Answer] = {}
    assert HttpCaller().call([]) == empty
