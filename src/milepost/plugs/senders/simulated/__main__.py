"""The simulated provider's process: `python -m milepost.plugs.senders.simulated [--port 0] [--faults late=0.1,silent=0.01]`.

Prints its port. Speaks lines of JSON over TCP: {"send": [[reference, address], …]} is answered with {"taken": […], "refused": […],
"later": bool}; {"ask": [reference, …]} with {"found": […]}; {"book": path} writes one line for each acceptance, so that a message
that was accepted twice stands there twice, and answers how many there are. It never looks at its book before accepting: that
nothing is sent twice is its callers' duty.
"""

import argparse
import asyncio
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from milepost.plugs.senders.simulated.faults import Chance, read_faults

LONGEST_LINE = 16 * 1024 * 1024
NONSENSE = (
    b"<html>Bad gateway</html>\n",
    b'{"taken": 7}\n',
    b"[]\n",
    b'{"taken": ["nobody"], "later": "?"}\n',
    b"\xff\xfe\n",
)


class Provider:
    """The book and the manners."""

    def __init__(self, chance: Chance) -> None:
        self.chance = chance
        self.book: Counter[str] = Counter()
        self.met: Counter[str] = Counter()
        self._overdue: set[asyncio.Task[None]] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, a line at a time."""
        try:
            while line := await reader.readline():
                answer = await self._answer(json.loads(line))
                if answer is None:
                    await reader.read()  # silent until the caller hangs up
                    return
                writer.write(answer)
                await writer.drain()
        except (ConnectionError, ValueError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(self, asked: dict[str, Any]) -> bytes | None:
        if "send" in asked:
            return await self._send([reference for reference, _ in asked["send"]])
        if "ask" in asked:
            return _line({"found": [reference for reference in asked["ask"] if reference in self.book]})
        return _line(self._written(Path(asked["book"])))

    async def _send(self, references: list[str]) -> bytes | None:
        if lateness := self.chance.lateness():
            self.met["late"] += 1
            await asyncio.sleep(lateness)
        if self.chance.in_burst(time.monotonic()):
            self.met["later"] += 1
            return _line({"taken": [], "refused": [], "later": True})
        fault = self.chance.befalls()
        self.met[fault or "well"] += 1
        match fault:
            case "deaf":
                return None
            case "overdue":
                task = asyncio.create_task(self._accept_later(references))
                self._overdue.add(task)
                task.add_done_callback(self._overdue.discard)
                return None
            case "partly":
                self.book.update(references[: len(references) // 2])
                return None
            case "nonsense" if self.met["nonsense"] % 2:
                return NONSENSE[self.met["nonsense"] % len(NONSENSE)]
        refused = [reference for reference in references if self.chance.refuses()]
        taken = [reference for reference in references if reference not in set(refused)] if refused else references
        self.book.update(taken)
        if fault == "silent":
            return None
        if fault == "nonsense":
            return NONSENSE[self.met["nonsense"] % len(NONSENSE)]
        return _line({"taken": taken, "refused": refused, "later": False})

    async def _accept_later(self, references: list[str]) -> None:
        await asyncio.sleep(self.chance.faults.overdue_seconds)
        self.book.update(references)

    def _written(self, path: Path) -> dict[str, Any]:
        with path.open("w") as file:
            file.writelines(f"{reference}\n" for reference in self.book.elements())
        twice = sum(count > 1 for count in self.book.values())
        return {"accepted": self.book.total(), "twice": twice, "met": dict(self.met)}


def _line(said: dict[str, Any]) -> bytes:
    return json.dumps(said).encode() + b"\n"


async def run(port: int, chance: Chance) -> None:
    """Serve until killed."""
    provider = Provider(chance)
    server = await asyncio.start_server(provider.serve, "127.0.0.1", port, limit=LONGEST_LINE)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--faults", type=read_faults, default=read_faults(""))
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    asyncio.run(run(given.port, Chance(given.faults, given.seed)))
