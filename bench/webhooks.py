"""Carriers' webhooks, signed as their vendors sign them: how many a second are answered, how soon, and how fast they are worked on.

    python -m bench.webhooks

Parcels of real orders are shipped; each vendor then reports of them in its own form. First as fast as the answers come, with the
worker at rest and then beside it; then at an even pace, where each latency counts from the moment at which a delivery was due, so
that waiting for the one before is not forgotten. Afterwards every delivery must be kept byte for byte, and every parcel delivered.
"""

import argparse
import base64
import hashlib
import hmac
import json
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import IPPROTO_TCP, TCP_NODELAY, create_connection
from urllib.parse import urlsplit

import psutil
import psycopg
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from bench import shop
from bench.load import Driven, drive, read_answer
from bench.serving import House, Memory, free_port, own_house, table
from bench.tracking import shipped
from bench.vendors import FORMS, said

SECRET = "bench-secret"
PRIVATE = rsa.generate_private_key(public_exponent=65537, key_size=2048)
VENDORS = tuple(FORMS)
SECONDS_TO_WORK = 300


def main() -> int:
    asked = _asked()
    with (
        published_keys() as keys,
        own_house(**secrets(), MILEPOST_SHIPENGINE_KEYS_URL=keys) as house,
        Memory(house) as memory,
    ):
        shop.furnish(house)
        numbers, counter = shipped(house, asked.orders), iter(range(10**9))
        warm_up(house, numbers, counter)
        with house.worker_at_rest(), Busy(house) as busy_for:
            resting = [flood(house, numbers, counter, asked) for _ in range(asked.rounds)]
        backlog, worked = waiting(house), work_off(house)
        beside = [flood(house, numbers, counter, asked) for _ in range(asked.rounds)]
        work_off(house)
        due = deliveries(house, numbers, asked.pace * asked.seconds, counter)
        even = pace(house, due, asked.pace, clients=32).must_be(200)
        work_off(house)
        faults = disagreements(house, numbers, next(counter))
    best, busy = (sorted(runs, key=lambda run: run.rate)[len(runs) // 2] for runs in (resting, beside))
    lines = [
        (
            "answered, worker at rest",
            f"{best.rate:.0f} /s  (rounds: {', '.join(f'{run.rate:.0f}' for run in resting)})",
        ),
        ("  latency", f"median {best.quantile(0.5):.1f} ms, 99 % {best.quantile(0.99):.1f} ms"),
        ("  processor time of a delivery", busy_for.line(asked.rounds * asked.deliveries)),
        (
            "answered, worker beside it",
            f"{busy.rate:.0f} /s  (rounds: {', '.join(f'{run.rate:.0f}' for run in beside)})",
        ),
        ("  latency", f"median {busy.quantile(0.5):.1f} ms, 99 % {busy.quantile(0.99):.1f} ms"),
        (
            f"at an even {asked.pace} /s",
            f"median {even.quantile(0.5):.1f} ms, 99 % {even.quantile(0.99):.1f} ms, 99.9 % {even.quantile(0.999):.1f} ms",
        ),
        ("worked on from the store", f"{backlog} in {worked:.1f} s = {backlog / worked:.0f} /s"),
        *memory.lines(),
    ]
    table(f"Webhooks of {len(VENDORS)} vendors about {len(numbers)} parcels, {asked.clients} clients", lines)
    for fault in faults:
        print(f"DISAGREES  {fault}")
    return 1 if faults else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=1000, help="orders with a parcel each (default: %(default)s)")
    parser.add_argument(
        "--deliveries", type=int, default=10_000, help="deliveries in each round (default: %(default)s)"
    )
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--pace", type=int, default=200, help="deliveries a second at an even pace (default: %(default)s)"
    )
    parser.add_argument("--seconds", type=int, default=30, help="for how long (default: %(default)s)")
    return parser.parse_args()


@dataclass
class Busy:
    """Watches the processor time of web and database, which neighbours on the same machine lengthen less than the clock's."""

    house: House
    web: float = 0.0
    database: float = 0.0

    def __enter__(self) -> "Busy":
        self.web, self.database = self._spent()
        return self

    def __exit__(self, *exception: object) -> None:
        web, database = self._spent()
        self.web, self.database = web - self.web, database - self.database

    def _spent(self) -> tuple[float, float]:
        pid_file = Path(self.house.environment["MILEPOST_VAR"]) / "postgres" / "postmaster.pid"
        server = psutil.Process(int(pid_file.read_text().split()[0]))
        return _seconds(self.house.processes()["web"]), _seconds([server, *server.children(recursive=True)])

    def line(self, count: int) -> str:
        """Ready to be printed."""
        return f"{1000 * self.web / count:.2f} ms in web, {1000 * self.database / count:.2f} ms in PostgreSQL"


def _seconds(processes: Sequence[psutil.Process]) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in processes)


def flood(house: House, numbers: list[str], counter: Iterator[int], asked: argparse.Namespace) -> Driven:
    """A round of deliveries, each client sending the next as soon as it was answered."""
    return drive(house, deliveries(house, numbers, asked.deliveries, counter), clients=asked.clients).must_be(200)


def secrets() -> dict[str, str]:
    """Each vendor's setting."""
    names = ("EASYPOST_WEBHOOK_SECRET", "AFTERSHIP_WEBHOOK_SECRET", "SHIPPO_WEBHOOK_SECRET", "SEVENTEENTRACK_KEY")
    return {f"MILEPOST_{name}": SECRET for name in (*names, "SHOPIFY_WEBHOOK_SECRET")}


@contextmanager
def published_keys() -> Iterator[str]:
    """ShipEngine's keys, published on this machine; their address."""
    public = PRIVATE.public_key().public_numbers()
    spelt = {
        name: base64.urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8, "big")).decode().rstrip("=")
        for name, number in (("n", public.n), ("e", public.e))
    }
    document = json.dumps({"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "bench", **spelt}]}).encode()

    class Publish(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(document)))
            self.end_headers()
            self.wfile.write(document)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", free_port()), Publish)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/jwks"
    finally:
        server.shutdown()


def warm_up(house: House, numbers: list[str], counter: Iterator[int]) -> None:
    """Every process of the server has met every vendor, and knows the keys."""
    drive(house, deliveries(house, numbers, 300, counter), clients=8).must_be(200)
    work_off(house)


def deliveries(house: House, numbers: list[str], count: int, counter: Iterator[int]) -> list[bytes]:
    """So many deliveries, rendered and signed now; no two are the same, and each vendor has its turn."""
    now = datetime.now(UTC).replace(microsecond=0)
    return [_delivery(house, numbers, next(counter), now) for _ in range(count)]


def _delivery(house: House, numbers: list[str], turn: int, now: datetime) -> bytes:
    vendor = VENDORS[turn % len(VENDORS)]
    number = numbers[turn // len(VENDORS) % len(numbers)]
    at = now - timedelta(hours=1) - timedelta(seconds=turn % 3000)
    body = json.dumps(said(vendor, number, at, turn)).encode()
    headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), **_signed(vendor, body, now)}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    line = f"POST /api/v1/webhooks/{vendor} HTTP/1.1\r\nHost: {urlsplit(house.url).netloc}\r\n"
    return f"{line}{head}\r\n".encode() + body


def _signed(vendor: str, body: bytes, now: datetime) -> dict[str, str]:
    made = hmac.new(SECRET.encode(), body, hashlib.sha256)
    if vendor == "easypost":
        return {"X-Hmac-Signature": f"hmac-sha256-hex={made.hexdigest()}"}
    if vendor == "shippo":
        at = str(int(now.timestamp()))
        dated = hmac.new(SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
        return {"Shippo-Auth-Signature": f"t={at},v1={dated}"}
    if vendor == "shipengine":
        at = now.isoformat().replace("+00:00", "Z")
        rsa_signed = PRIVATE.sign(f"{at}.".encode() + body, padding.PKCS1v15(), hashes.SHA256())
        return {
            "X-ShipEngine-RSA-SHA256-Key-Id": "bench", "X-ShipEngine-Timestamp": at,
            "X-ShipEngine-RSA-SHA256-Signature": base64.b64encode(rsa_signed).decode(),
        }  # fmt: skip
    if vendor == "seventeentrack":
        return {"sign": hashlib.sha256(body + b"/" + SECRET.encode()).hexdigest()}
    name = "aftership-hmac-sha256" if vendor == "aftership" else "X-Shopify-Hmac-Sha256"
    return {name: base64.b64encode(made.digest()).decode()}


def pace(house: House, requests: Sequence[bytes], rate: int, *, clients: int) -> Driven:
    """Send each when it is due, by whichever line is free; its latency counts from when it was due."""
    began = time.perf_counter() + 0.5
    parts, turns, lock = [Driven(0.0) for _ in range(clients)], iter(enumerate(requests)), threading.Lock()

    def send(part: Driven) -> None:
        place = urlsplit(house.url)
        with create_connection((place.hostname or "", place.port or 80)) as line:
            line.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
            while True:
                with lock:
                    turn, request = next(turns, (-1, b""))
                if turn < 0:
                    return
                due = began + turn / rate
                time.sleep(max(0.0, due - time.perf_counter()))
                line.sendall(request)
                head, body = read_answer(line)
                part.latencies.append(time.perf_counter() - due)
                part.answers.append((int(head[9:12]), body))

    threads = [threading.Thread(target=send, args=(part,), daemon=True) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = Driven(time.perf_counter() - began)
    for part in parts:
        whole.latencies += part.latencies
        whole.answers += part.answers
    if len(whole.answers) != len(requests):
        raise SystemExit(f"Only {len(whole.answers)} of {len(requests)} requests were answered.")
    return whole


def waiting(house: House) -> int:
    """How many deliveries are kept and not worked on yet."""
    return _count(house, "SELECT count(*) FROM arrivals_arrival WHERE state = 'received'")


def work_off(house: House) -> float:
    """Wait until the worker has read all that is kept; the seconds that it took."""
    began = time.perf_counter()
    while waiting(house):
        if time.perf_counter() - began > SECONDS_TO_WORK:
            raise SystemExit(f"{waiting(house)} deliveries are not worked on after {SECONDS_TO_WORK} s.")
        time.sleep(0.05)
    return time.perf_counter() - began


def disagreements(house: House, numbers: list[str], sent: int) -> list[str]:
    """Where the books do not say what was sent."""
    expected = {
        "SELECT count(*) FROM arrivals_arrival WHERE state = 'processed'": sent,
        "SELECT count(*) FROM arrivals_arrival": sent,
        "SELECT count(*) FROM tracking_progress WHERE stage = 'delivered'": len(numbers),
        "SELECT count(*) FROM journal_entry WHERE kind = 'OrderDelivered'": len(numbers),
    }
    found = {query: _count(house, query) for query in expected}
    return [f"{query}: {found[query]}, not {number}" for query, number in expected.items() if found[query] != number]


def _count(house: House, query: str) -> int:
    with psycopg.connect(house.database_url) as connection:
        row = connection.execute(query).fetchone()
    return int(row[0])


if __name__ == "__main__":
    sys.exit(main())
