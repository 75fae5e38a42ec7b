"""A small scripted IMAP server: one mailbox with the commands that a careful reader uses; it notes what it is asked."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Script:
    """What lies in the mailbox, and what was asked of it. `dies_after`: it hangs up after as many messages."""

    messages: dict[int, bytes]
    validity: int = 7
    dies_after: int = 10_000
    asked: list[str] = field(default_factory=list)


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self._say("* OK ready")
        given = 0
        for line in self.rfile:
            text = line.decode().strip()
            tag, _, command = text.partition(" ")
            self.script.asked.append(command)
            if command.startswith("UID FETCH") and "BODY" in command:
                given += 1
                if given > self.script.dies_after:
                    return
            self._answer(command)
            self._say(f"{tag} OK done")
            if command.startswith("LOGOUT"):
                return

    @property
    def script(self) -> Script:
        assert isinstance(self.server, _Server)
        return self.server.script

    def _answer(self, command: str) -> None:
        name = command.upper()
        if name.startswith("CAPABILITY"):
            self._say("* CAPABILITY IMAP4rev1")
        elif name.startswith(("SELECT", "EXAMINE")):
            self._say(f"* {len(self.script.messages)} EXISTS")
            self._say(f"* OK [UIDVALIDITY {self.script.validity}] here")
        elif name.startswith("UID SEARCH"):
            first = int(re.search(r"UID (\d+):", command)[1])
            last = max(self.script.messages, default=0)
            found = [uid for uid in self.script.messages if uid >= first or uid == last]
            self._say("* SEARCH " + " ".join(map(str, found)))
        elif "RFC822.SIZE" in name:
            for uid in map(int, re.search(r"FETCH ([\d,]+)", command)[1].split(",")):
                self._say(f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(self.script.messages[uid])})")
        elif "BODY.PEEK[]" in name:
            uid = int(re.search(r"FETCH (\d+)", command)[1])
            raw = self.script.messages[uid]
            self._say(f"* {uid} FETCH (UID {uid} BODY[] {{{len(raw)}}}")
            self.wfile.write(raw)
            self._say(")")

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    script: Script


@contextmanager
def serving(script: Script) -> Iterator[str]:
    """The address of a mailbox that follows the script."""
    with _Server(("127.0.0.1", 0), _Talk) as server:
        server.script = script
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"imap://mona:secret@127.0.0.1:{server.server_address[1]}/INBOX"
        server.shutdown()
