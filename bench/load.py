"""Load over HTTP from outside: several clients, each with one kept connection, as lean as Python allows.

Client and server share the machine's cores here, so what the client takes is missing at the server: requests are rendered before
the clock starts, and answers are read but not parsed while it runs.
"""

import json
import socket
import threading
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from bench.serving import House


class Broken(RuntimeError):
    """An answer that cannot be read."""


@dataclass
class Driven:
    """What a run of requests came to: seconds by the clock, latencies in seconds, and the answers in no order."""

    seconds: float
    latencies: list[float] = field(default_factory=list)
    answers: list[tuple[int, bytes]] = field(default_factory=list)
    broke: Exception | None = None

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.latencies) / self.seconds

    def quantile(self, share: float) -> float:
        """The latency in milliseconds that this share of the requests kept within."""
        return sorted(self.latencies)[min(len(self.latencies) - 1, int(share * len(self.latencies)))] * 1000

    def must_be(self, *statuses: int) -> "Driven":
        """Itself, if all answers have one of these statuses; stops the program otherwise."""
        others = Counter(status for status, _ in self.answers if status not in statuses)
        if others:
            example = next(body for status, body in self.answers if status not in statuses)
            raise SystemExit(f"Not all went well: {dict(others)}, such as {example[:500]!r}")
        return self


def post(house: House, path: str, body: Any, *, key: str) -> bytes:
    """A POST to the API, rendered."""
    content = json.dumps(body).encode()
    head = (
        f"POST /api/v1{path} HTTP/1.1\r\nHost: {urlsplit(house.url).netloc}\r\nAuthorization: Bearer {house.key}\r\n"
        f"Content-Type: application/json\r\nIdempotency-Key: {key}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def get(house: House, path: str, *, headers: str = "") -> bytes:
    """A GET of any address, rendered; `headers` are whole lines."""
    authorization = f"Authorization: Bearer {house.key}\r\n" if path.startswith("/api/") else ""
    host = urlsplit(house.url).netloc
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{authorization}{headers}\r\n".encode()


def drive(house: House, requests: Sequence[bytes], *, clients: int) -> Driven:
    """Send all requests, each client the next one that is left; the clock runs from the first byte to the last answer."""
    waiting, parts, gate = deque(requests), [Driven(0.0) for _ in range(clients)], threading.Barrier(clients + 1)
    threads = [threading.Thread(target=_client, args=(house, waiting, part, gate), daemon=True) for part in parts]
    for thread in threads:
        thread.start()
    gate.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    whole = Driven(time.perf_counter() - began)
    for part in parts:
        whole.latencies += part.latencies
        whole.answers += part.answers
        if part.broke is not None:
            raise part.broke
    if len(whole.answers) != len(requests):
        raise SystemExit(f"Only {len(whole.answers)} of {len(requests)} requests were answered.")
    return whole


def _client(house: House, waiting: deque[bytes], part: Driven, gate: threading.Barrier) -> None:
    try:
        _ask(house, waiting, part, gate)
    except (OSError, Broken) as error:
        part.broke = error


def _ask(house: House, waiting: deque[bytes], part: Driven, gate: threading.Barrier) -> None:
    place = urlsplit(house.url)
    with socket.create_connection((place.hostname or "", place.port or 80)) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        gate.wait()
        while True:
            try:
                request = waiting.popleft()
            except IndexError:
                return
            began = time.perf_counter()
            line.sendall(request)
            part.answers.append(_answer(line))
            part.latencies.append(time.perf_counter() - began)


def _answer(line: socket.socket) -> tuple[int, bytes]:
    head, body = read_answer(line)
    return int(head[9:12]), body


def read_answer(line: socket.socket) -> tuple[bytes, bytes]:
    """Head in small letters, and body, of the next answer. Raises Broken when it does not come whole."""
    received = line.recv(65536)
    while (end := received.find(b"\r\n\r\n")) < 0:
        received += _more(line)
    head, body = received[:end].lower(), received[end + 4 :]
    length = head.find(b"\r\ncontent-length:")
    if length < 0:
        return head, _in_chunks(line, body) if b"chunked" in head else body
    expected = int(head[length + 17 :].split(b"\r\n", 1)[0])
    parts, got = [body], len(body)
    while got < expected:
        parts.append(_more(line))
        got += len(parts[-1])
    return head, b"".join(parts)


def _in_chunks(line: socket.socket, received: bytes) -> bytes:
    parts: list[bytes] = []
    while True:
        while (end := received.find(b"\r\n")) < 0:
            received += _more(line)
        size = int(received[:end], 16)
        while len(received) < end + 2 + size + 2:
            received += _more(line)
        if size == 0:
            return b"".join(parts)
        parts.append(received[end + 2 : end + 2 + size])
        received = received[end + 2 + size + 2 :]


def _more(line: socket.socket) -> bytes:
    received = line.recv(262144)
    if not received:
        raise Broken("the server closed the connection in the middle of an answer")
    return received
