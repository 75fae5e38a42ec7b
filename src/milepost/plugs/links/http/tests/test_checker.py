"""Looking at tracking pages: what is there, what is not, and what nobody may be sent to."""

import httpx
import pytest

from milepost.plugs.http import client
from milepost.plugs.links.http import HttpLinks
from milepost.way.tracking.links.words import Look, LookedAt

pytestmark = pytest.mark.clause("TRK-4")

PAGE = "https://carrier.example/track?number=1Z5R89390357567127"


def seen(answer: httpx.Response | Exception, url: str = PAGE) -> LookedAt:
    def say(request: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    return through(say, url)


def through(say: object, url: str = PAGE) -> LookedAt:
    def line() -> httpx.Client:
        inside = httpx.MockTransport(say)
        return client(timeout=1, lookup=lambda host, port: ["93.184.215.14"], inner=inside)

    return HttpLinks(line=line).look([url])[url]


@pytest.mark.parametrize(
    ("status", "look"),
    [
        (200, Look.ALIVE), (403, Look.ALIVE), (429, Look.ALIVE), (404, Look.GONE), (410, Look.GONE), (500, Look.UNSURE),
        (503, Look.UNSURE),
    ],
)  # fmt: skip
def test_the_status_tells(status: int, look: Look) -> None:
    assert seen(httpx.Response(status)).look is look


@pytest.mark.parametrize(
    "trouble", [httpx.ConnectTimeout("slow"), httpx.ReadError("broken"), httpx.ConnectError("away")]
)
def test_nobody_answering_is_not_the_page_being_gone(trouble: Exception) -> None:
    assert seen(trouble).look is Look.UNSURE


def test_a_redirect_is_followed() -> None:
    def say(request: httpx.Request) -> httpx.Response:
        moved = {"location": "/en/parcel/1Z5R89390357567127"}
        return httpx.Response(200) if request.url.path.startswith("/en/") else httpx.Response(301, headers=moved)

    assert through(say).look is Look.ALIVE


def test_a_redirect_to_the_front_page_is_a_dead_link() -> None:
    def say(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200) if request.url.path == "/" else httpx.Response(302, headers={"location": "/"})

    assert through(say).look is Look.GONE


def test_a_redirect_without_end_is_a_dead_link() -> None:
    assert seen(httpx.Response(302, headers={"location": PAGE})).look is Look.GONE


@pytest.mark.parametrize(
    "to", ["http://127.0.0.1/", "http://169.254.169.254/latest/", "ftp://carrier.example/", "http://[/"]
)
def test_a_redirect_into_our_own_network_is_not_followed(to: str) -> None:
    def say(request: httpx.Request) -> httpx.Response:
        assert request.url.host == "93.184.215.14"
        return httpx.Response(302, headers={"location": to})

    def line() -> httpx.Client:
        return client(timeout=1, lookup=inside, inner=httpx.MockTransport(say))

    assert HttpLinks(line=line).look([PAGE])[PAGE].look is Look.GONE


def inside(host: str, port: int) -> list[str]:
    return ["93.184.215.14"] if host == "carrier.example" else [host]


def test_each_address_is_looked_at_once() -> None:
    asked: list[str] = []

    def say(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200)

    assert through(say).look is Look.ALIVE
    assert len(asked) == 1
    assert HttpLinks().look([]) == {}
