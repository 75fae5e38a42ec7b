"""A guarded line out: a host is looked up once, every address it has must be public, and exactly that address is called.

Who may name an address (a subscriber's webhook, a carrier's page) could otherwise have us call our own network, by an address, a
name that points there, a name that points there only the second time, or a redirect (OWASP: server-side request forgery).
"""

import ipaddress
import socket
from collections.abc import Callable, Sequence

import httpx

Lookup = Callable[[str, int], Sequence[str]]
PORTS = frozenset({80, 443, 8080, 8443})


class Forbidden(httpx.TransportError):
    """The address leads where nobody from outside may send us; nothing was sent."""


def look_up(host: str, port: int) -> Sequence[str]:
    """All addresses of a host. Raises OSError for one that has none."""
    return list(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


class GuardedTransport(httpx.BaseTransport):
    """Sends over `inner` to public addresses only; `allowed` names hosts ("127.0.0.1:8099") that the installation trusts."""

    def __init__(
        self, *, allowed: frozenset[str] = frozenset(), lookup: Lookup = look_up, inner: httpx.BaseTransport | None = None
    ) -> None:  # fmt: skip
        self._allowed, self._lookup = allowed, lookup
        self._inner = inner or httpx.HTTPTransport(retries=0)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send to the address that was looked at. Raises Forbidden, or httpx.ConnectError for a host that is not there."""
        url, host = request.url, request.url.host
        port = url.port or (443 if url.scheme == "https" else 80)
        if f"{host}:{port}" in self._allowed:
            return self._inner.handle_request(request)
        if url.scheme not in ("http", "https") or port not in PORTS or url.userinfo:
            raise Forbidden("only http and https on their usual ports, without a password", request=request)
        try:
            addresses = self._lookup(host, port)
        except (OSError, UnicodeError) as gone:
            raise httpx.ConnectError(f"{host} has no address", request=request) from gone
        if not addresses or not all(map(is_public, addresses)):
            raise Forbidden("the address is not public", request=request)
        pinned = httpx.Request(
            request.method, url.copy_with(host=addresses[0]), headers=request.headers, stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )  # fmt: skip
        return self._inner.handle_request(pinned)

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


def is_public(address: str) -> bool:
    """Whether an address belongs to the public net, also when it is written as IPv4 in IPv6, NAT64 or 6to4."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or _nat64(ip)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not ip.is_unspecified


def _nat64(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in ipaddress.ip_network("64:ff9b::/96") else None


def client(
    *,
    timeout: float | httpx.Timeout,
    allowed: frozenset[str] = frozenset(),
    lookup: Lookup = look_up,
    inner: httpx.BaseTransport | None = None,
) -> httpx.Client:
    """A client on a guarded line. It follows no redirect by itself and takes no proxy from the environment."""
    transport = GuardedTransport(allowed=allowed, lookup=lookup, inner=inner)
    return httpx.Client(transport=transport, timeout=timeout, follow_redirects=False, trust_env=False)
