"""A mail server in a process of its own: writes the Message-ID of each message that it accepts into a file, then says so.

Usage: smtp_sink.py LOG. Prints its port. Answers after a little while, so that a kill often falls before the answer.
"""

import asyncio
import random
import sys
from email import message_from_bytes
from pathlib import Path

from aiosmtpd.smtp import SMTP


class Handler:
    """Accepts everything."""

    def __init__(self, log: Path) -> None:
        self.log = log

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        await asyncio.sleep(random.random() * 0.004)
        with self.log.open("a") as file:
            file.write(message_from_bytes(envelope.content)["Message-ID"] + "\n")
        await asyncio.sleep(random.random() * 0.004)
        return "250 Taken"


async def serve(log: Path) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Handler(log)), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
