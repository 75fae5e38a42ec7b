"""Exactly once: orders are placed over HTTP while web, workers and PostgreSQL are killed again and again, and every call is
repeated until it is answered.

    python -m bench.exactly_once --placements 100000
    python -m bench.exactly_once --placements 1000 --postgres --seed 7

Of the calls 30 % are repeated with the same Idempotency-Key though they were answered, some of them at the same time on another
connection; on some the client hangs up and asks again; some keys are used again with another body. A part of the orders goes by
batch calls. Afterwards the client's book and the house's books must agree (see `bench.book`): no order twice, none lost, each
repetition answered byte for byte, each other body under a used key refused and without effect, stock, journal and notices as
sent (`milepost audit` included), no message sent twice. Exit code 1 otherwise. What is killed when follows from the seed.
"""

import argparse
import random
import socket
import sys
import tempfile
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from bench import placing, shop
from bench.book import BATCH, ORDERS, Answer, Call, Found, Mail, faults, mail_faults
from bench.fire import Fire, Pieces, accepted, in_pieces, mail_server
from bench.load import Broken, post, read_answer
from bench.serving import House, table

PATIENCE_SECONDS = 180
"""How long a call is repeated before it counts as never answered."""
PAUSE_SECONDS = 0.05
NEAR, FAR = 4, 400
"""How many calls later a call is repeated: at about the same time, or much later."""
KEY = "once-"
BUSY = 409


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--placements", type=int, default=100_000, help="orders to place (default: %(default)s)")
    parser.add_argument("--retried", type=float, default=0.3, help="share of calls repeated (default: %(default)s)")
    parser.add_argument("--reused", type=float, default=0.02, help="share of keys used again (default: %(default)s)")
    parser.add_argument("--hung-up", type=float, default=0.03, help="share of calls hung up on (default: %(default)s)")
    parser.add_argument(
        "--batched", type=float, default=0.2, help="share of orders in batch calls (default: %(default)s)"
    )
    parser.add_argument("--batch", type=int, default=20, help="orders a batch call (default: %(default)s)")
    parser.add_argument("--clients", type=int, default=6, help="connections of the client (default: %(default)s)")
    parser.add_argument("--workers", type=int, default=2, help="worker processes (default: %(default)s)")
    parser.add_argument("--kills", type=int, help="how often something is killed (default: once in 300 placements)")
    parser.add_argument("--postgres", action="store_true", help="kill PostgreSQL and its processes, too")
    parser.add_argument("--seed", type=int, default=1, help="of orders, repetitions and kills (default: %(default)s)")
    parser.add_argument(
        "--mail-seconds", type=float, default=900, metavar="SECONDS",
        help="wait until all messages have left, or none for so long; a killed worker holds its own for 10 minutes"
        " (default: %(default)s)",
    )  # fmt: skip
    asked = parser.parse_args()
    asked.kills = asked.placements // 300 if asked.kills is None else asked.kills
    ran = run(Wanted(**vars(asked)))
    table(f"Exactly once ({asked.clients} connections, seed {asked.seed})", ran.lines())
    for fault in ran.faults[:50]:
        print(f"BROKEN  {fault}")
    print("\nEverything exactly once." if not ran.faults else f"\n{len(ran.faults)} faults.")
    return 1 if ran.faults else 0


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is asked for; as the arguments of the program, which explain each."""

    placements: int
    kills: int
    retried: float = 0.3
    reused: float = 0.02
    hung_up: float = 0.03
    batched: float = 0.2
    batch: int = 20
    clients: int = 6
    workers: int = 2
    postgres: bool = False
    seed: int = 1
    mail_seconds: float = 0.0


@dataclass
class Ran:
    """What a run came to."""

    calls: Sequence[Call]
    seconds: float
    silence: float
    kills: Counter[str]
    met: Counter[str]
    mail: Counter[str]
    faults: list[str]

    @property
    def placed(self) -> int:
        """Orders that were placed."""
        return sum(len(call.tags) for call in self.calls if call.won)

    @property
    def replays(self) -> int:
        """Answers that were those of the first time."""
        return sum(answer.replayed for call in self.calls for answer in call.answers)

    @property
    def refused(self) -> int:
        """Answers that refused a used key."""
        return sum(answer.status == 422 for call in self.calls for answer in call.answers)

    def lines(self) -> list[tuple[str, str]]:
        """Ready to be printed."""
        answers = sum(len(call.answers) for call in self.calls)
        return [
            ("orders placed", f"{self.placed} in {self.seconds:.1f} s = {self.placed / self.seconds:.0f} placements/s"),
            ("kills", f"{sum(self.kills.values())}  ({_told(self.kills)})"),
            ("longest time without any answer", f"{self.silence:.1f} s"),
            ("calls answered", f"{answers}  ({sum(call.path == BATCH for call in self.calls)} batch calls among them)"),
            ("sent again because unanswered", f"{sum(self.met.values())}  ({_told(self.met)})"),
            ("replayed byte for byte", f"{self.replays}"),
            ("refused as another body under a used key", f"{self.refused}"),
            ("messages", _told(self.mail)),
        ]


def _told(counted: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counted.most_common()) or "none"


def run(wanted: Wanted, *, database_url: str = "") -> Ran:
    """Place the orders under fire, then compare all books."""
    with tempfile.TemporaryDirectory(prefix="milepost-mail-") as folder:
        log = Path(folder) / "accepted"
        with (
            mail_server(log) as mail,
            in_pieces(database_url=database_url, workers=wanted.workers, MILEPOST_SMTP_URL=mail) as pieces,
        ):
            house = pieces.house
            shop.furnish(house)
            calls, sendings = plan(house, wanted)
            crowd = Crowd(house, deque(sendings))
            chance = random.Random(wanted.seed)
            points = [chance.randrange(len(sendings)) for _ in range(wanted.kills)]
            with Fire(pieces, chance, points, lambda: crowd.answered, wanted.postgres) as fire:
                seconds = crowd.send_all(wanted.clients)
            waited = _wait_for_mail(pieces, wanted.mail_seconds)
            pieces.send_home()
            books = _mail(house, accepted(log), waited=waited)
            found = faults(calls, _found(house))
            orders = [order for call in calls if call.won for order in call.orders()]
            found += [*mail_faults(books, len(orders)), *placing.disagreements(house, orders)]
    states = Counter(state for state, _, _ in books.notices.values())
    return Ran(calls, seconds, crowd.silence, fire.kills, crowd.met, states, found)


@dataclass(frozen=True, slots=True)
class Sending:
    """A call is to be sent; a client that hangs up sends it, reads nothing, and then sends it again."""

    call: Call
    hang_up: bool


def plan(house: House, wanted: Wanted) -> tuple[list[Call], list[Sending]]:
    """The calls, and in which order they and their repetitions are sent."""
    chance = random.Random(wanted.seed)
    calls: list[Call] = []
    placed: list[tuple[float, Call]] = []
    for number, (path, body, tags) in enumerate(_bodies(wanted, chance)):
        key = f"{KEY}{number}"
        call = Call(key, path, tags, post(house, path, body, key=key))
        calls.append(call)
        placed.append((number, call))
        if chance.random() < wanted.retried:
            call.wanted = 2
            placed.append((number + _later(chance), call))
        if chance.random() < wanted.reused:
            other, other_tags = _other(path, body)
            calls.append(Call(key, path, other_tags, post(house, path, other, key=key)))
            placed.append((number + _later(chance), calls[-1]))
    placed.sort(key=lambda pair: pair[0])
    return calls, [Sending(call, chance.random() < wanted.hung_up) for _, call in placed]


def _bodies(wanted: Wanted, chance: random.Random) -> Iterator[tuple[str, dict[str, Any], tuple[str, ...]]]:
    """A body for each call, single or batch, with the shop's own numbers of its orders."""
    orders = deque(shop.orders(wanted.placements, seed=wanted.seed))
    number, share = 0, wanted.batched / (wanted.batch - (wanted.batch - 1) * wanted.batched)
    while orders:
        size = wanted.batch if chance.random() < share else 1
        several = [orders.popleft() for _ in range(min(size, len(orders)))]
        tags = tuple(f"W{number + place}" for place in range(len(several)))
        for order, tag in zip(several, tags, strict=True):
            order["external_ref"] = tag
        number += len(several)
        yield (BATCH, {"orders": several, "on_failure": "reject_all"}, tags) if size > 1 else (ORDERS, several[0], tags)


def _later(chance: random.Random) -> float:
    return chance.uniform(0, NEAR) if chance.random() < 0.5 else chance.uniform(NEAR, FAR)


def _other(path: str, body: dict[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Another body, as somebody would send it who takes the same key for the next order."""
    orders = [{**order, "external_ref": f"{order['external_ref']}-other"} for order in body.get("orders", [body])]
    tags = tuple(order["external_ref"] for order in orders)
    return ({**body, "orders": orders} if path == BATCH else orders[0]), tags


@dataclass
class Crowd:
    """The client's connections: each takes the next sending and does not let go of it before it is answered."""

    house: House
    waiting: deque[Sending]
    met: Counter[str] = field(default_factory=Counter)
    """What was met instead of an answer, by kind."""
    silence: float = 0.0
    """The longest time, in seconds, in which nobody was answered."""
    answered: int = 0
    _last: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send_all(self, clients: int) -> float:
        """Send everything; the seconds that it took."""
        began = self._last = time.monotonic()
        threads = [threading.Thread(target=self._send, daemon=True) for _ in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.monotonic() - began

    def _send(self) -> None:
        line = _Line(self.house)
        with suppress(IndexError):
            while True:
                sending = self.waiting.popleft()
                if sending.hang_up:
                    line.hang_up_on(sending.call.request)
                    self._note("hung up")
                self._until_answered(line, sending.call)

    def _until_answered(self, line: "_Line", call: Call) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            answer = line.ask(call.request)
            if answer is not None and answer.status != BUSY and answer.status < 500:
                call.answers.append(answer)
                self._note("")
                return
            self._note("no answer" if answer is None else f"status {answer.status}")
            time.sleep(PAUSE_SECONDS)
        self.waiting.clear()  # whoever is not answered in this time never will be: the book says so, and nobody waits for more

    def _note(self, met: str) -> None:
        with self._lock:
            if met:
                self.met[met] += 1
            else:
                self.answered, now = self.answered + 1, time.monotonic()
                self.silence, self._last = max(self.silence, now - self._last), now


class _Line:
    """One kept connection, opened anew whenever it broke."""

    def __init__(self, house: House) -> None:
        place = urlsplit(house.url)
        self._place = (place.hostname or "", place.port or 80)
        self._line: socket.socket | None = None

    def ask(self, request: bytes) -> Answer | None:
        """The answer, or None where the connection broke before it came."""
        try:
            self._send(request)
            assert self._line is not None
            head, body = read_answer(self._line)
        except (OSError, Broken):
            self._close()
            return None
        return Answer(int(head[9:12]), b"idempotency-replayed: true" in head, body)

    def hang_up_on(self, request: bytes) -> None:
        """Send, and be gone before the answer."""
        with suppress(OSError):
            self._send(request)
        self._close()

    def _send(self, request: bytes) -> None:
        if self._line is None:
            self._line = socket.create_connection(self._place, timeout=60)
            self._line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._line.sendall(request)

    def _close(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


def _wait_for_mail(pieces: Pieces, seconds: float) -> bool:
    """Until every message has left, or none for so many seconds; whether all have."""
    before, until = -1, 0.0
    with psycopg.connect(pieces.house.database_url, autocommit=True) as books:
        while left := books.execute(_AT_WORK).fetchall()[0][0]:
            if left != before:
                before, until = left, time.monotonic() + seconds
            elif time.monotonic() > until:
                return False
            pieces.stand_up()
            time.sleep(min(seconds, 1.0))
    return True


_AT_WORK = "SELECT count(*) FROM notices_notice WHERE channel = 'email' AND state IN ('planned', 'sending')"


def _found(house: House) -> Found:
    with psycopg.connect(house.database_url) as books:
        orders = books.execute("SELECT external_ref, reference FROM orders_order").fetchall()
        answers = books.execute(
            "SELECT key, response FROM access_idempotent_call WHERE starts_with(key, %s)", [KEY]
        ).fetchall()
    return Found(orders, {key: bytes(response) for key, response in answers})


def _mail(house: House, arrived: Counter[str], *, waited: bool) -> Mail:
    with psycopg.connect(house.database_url) as books:
        notices = books.execute(
            "SELECT replace(id::text, '-', ''), state, coalesce(order_id::text, ''), template FROM notices_notice"
            " WHERE channel = 'email'"
        ).fetchall()
        asked = books.execute(
            "SELECT replace(subject_id, '-', '') FROM duties_duty WHERE kind = 'check_notice' AND closed_at IS NULL"
        ).fetchall()
    return Mail({key: tuple(rest) for key, *rest in notices}, arrived, {key for (key,) in asked}, waited)


if __name__ == "__main__":
    sys.exit(main())
