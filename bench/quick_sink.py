"""A mail server that costs next to nothing: takes whatever comes, one process, no disk, and tells at the end what it took.

Usage: quick_sink.py. Prints its port. On a line of input it answers how many messages it took and how many of them twice, by
our reference in the Message-ID. It offers PIPELINING (RFC 2920), as every usual server does.
"""

import asyncio
import re
import sys
from collections import Counter

REFERENCE = re.compile(rb"^Message-ID: <([0-9a-f]+)@", re.MULTILINE)
END = b"\r\n.\r\n"
GREETING = b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"


class Session(asyncio.Protocol):
    """One connection: commands by the line, a message until its dot."""

    taken: Counter[bytes] = Counter()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.buffer = bytearray()
        self.in_data = False
        self._say(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        answers = bytearray()
        while self._step(answers):
            pass
        if answers:
            self._say(bytes(answers))

    def _step(self, answers: bytearray) -> bool:
        if self.in_data:
            end = self.buffer.find(END)
            if end < 0:
                return False
            found = REFERENCE.search(self.buffer, 0, min(end, 4096))
            self.taken[found[1] if found else b"?"] += 1
            del self.buffer[: end + len(END)]
            self.in_data = False
            answers += b"250 taken\r\n"
            return True
        end = self.buffer.find(b"\r\n")
        if end < 0:
            return False
        word = bytes(self.buffer[:4]).upper()
        del self.buffer[: end + 2]
        if word == b"DATA":
            self.in_data = True
            answers += b"354 go on\r\n"
        elif word == b"EHLO":
            answers += GREETING
        elif word == b"QUIT":
            answers += b"221 bye\r\n"
        else:
            answers += b"250 ok\r\n"
        return True

    def _say(self, words: bytes) -> None:
        self.transport.write(words)  # type: ignore[attr-defined]


async def serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Session, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        twice = sum(count > 1 for count in Session.taken.values())
        print(sum(Session.taken.values()), twice, flush=True)


if __name__ == "__main__":
    asyncio.run(serve())
