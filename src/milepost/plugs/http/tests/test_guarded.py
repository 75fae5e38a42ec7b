"""The guarded line: into our own network nobody has us call."""

from collections.abc import Sequence

import httpx
import pytest

from milepost.plugs.http import Forbidden, client
from milepost.plugs.http.guarded import is_public
from milepost.plugs.http.tests.here import serving

PUBLIC = "93.184.215.14"
INSIDE = (
    "127.0.0.1", "10.1.2.3", "192.168.0.9", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1",
    "ff02::1", "nonsense",
)  # fmt: skip


def echo(request: httpx.Request) -> httpx.Response:
    said = {"host": request.headers["host"], "called": request.url.host, "sni": request.extensions.get("sni_hostname")}
    return httpx.Response(200, json=said)


def at(*addresses: str) -> httpx.Client:
    def lookup(host: str, port: int) -> Sequence[str]:
        return addresses

    return client(timeout=1, lookup=lookup, inner=httpx.MockTransport(echo))


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_inside_are_not_public(address: str) -> None:
    assert not is_public(address)


def test_the_address_that_was_looked_at_is_called_under_its_name() -> None:
    told = at(PUBLIC).get("https://shop.example/hook").json()
    assert told == {"host": "shop.example", "called": PUBLIC, "sni": "shop.example"}


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_points_inside_is_not_called(address: str) -> None:
    with pytest.raises(Forbidden):
        at(address).get("https://shop.example/hook")


def test_one_public_address_among_others_does_not_help() -> None:
    with pytest.raises(Forbidden):
        at(PUBLIC, "127.0.0.1").get("https://shop.example/hook")


@pytest.mark.parametrize(
    "url", ["https://shop.example:22/", "https://user:word@shop.example/", "http://shop.example:5432/"]
)
def test_odd_ports_and_passwords_are_refused(url: str) -> None:
    with pytest.raises(Forbidden):
        at(PUBLIC).get(url)


def test_a_host_that_is_not_there_is_no_server_of_ours() -> None:
    def nowhere(host: str, port: int) -> Sequence[str]:
        raise OSError

    with pytest.raises(httpx.ConnectError):
        client(timeout=1, lookup=nowhere).get("https://nowhere.example/")


def test_redirects_are_not_followed_by_themselves() -> None:
    away = httpx.MockTransport(lambda request: httpx.Response(302, headers={"location": "http://127.0.0.1/"}))
    line = client(timeout=1, lookup=lambda host, port: [PUBLIC], inner=away)
    assert line.get("https://shop.example/").status_code == 302


def test_a_real_server_on_this_machine_is_called_only_where_the_installation_trusts_it() -> None:
    with serving() as (here, calls):
        with pytest.raises(Forbidden):
            client(timeout=1).get(f"http://{here}/")
        assert calls == []
        assert client(timeout=1, allowed=frozenset({here})).get(f"http://{here}/").status_code == 200
