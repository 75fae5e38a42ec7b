"""Hand messages to the simulated provider, many a call: all of a call share its fate."""

import json
import socket
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from milepost.ground.notices.ports import Lanes
from milepost.ground.notices.words import Answer, Message, Outcome, Question, Result

GROUP, CONNECTIONS = 50, 4
PATIENCE = 2
CUT_OFF = Outcome(result=Result.UNKNOWN, detail="no answer")
NONSENSE = Outcome(result=Result.UNKNOWN, detail="its answer made no sense")


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedSender:
    """Serves any channel by the provider at `port`. What it has not taken `settled_seconds` after the call it never will."""

    port: int
    channel: str = "email"
    name: str = "simulated"
    host: str = "127.0.0.1"
    timeout: float = 2.0
    settled_seconds: float = 10.0
    group: int = GROUP
    connections: int = CONNECTIONS

    def send(self, messages: Sequence[Message], lanes: Lanes) -> None:
        """A call for each group, on a few connections; messages of one lane share one, in their order."""
        shares = [share for share in self._shares(messages) if share]
        if len(shares) == 1:
            self._share(shares[0], lanes)
            return
        with ThreadPoolExecutor(max_workers=max(len(shares), 1), thread_name_prefix=self.name) as pool:
            for done in [pool.submit(self._share, share, lanes) for share in shares]:
                done.result()

    def lookup(self, references: Sequence[str]) -> Mapping[str, Answer]:
        """By the reference alone only what it has is certain."""
        found = self._found(references)
        return {one: Answer.FOUND if found and one in found else Answer.CANNOT_TELL for one in references}

    def ask(self, questions: Sequence[Question]) -> Mapping[str, Answer]:
        """What it has; and, of what it had time enough for, what it has not."""
        found = self._found([one.reference for one in questions])
        if found is None:
            return {one.reference: Answer.NOT_YET for one in questions}
        return {one.reference: Answer.FOUND if one.reference in found else self._absent(one) for one in questions}

    def _absent(self, question: Question) -> Answer:
        settled = question.asked_at - question.handed_at > timedelta(seconds=self.settled_seconds)
        return Answer.ABSENT if settled else Answer.NOT_YET

    def _shares(self, messages: Sequence[Message]) -> list[list[Message]]:
        shares: list[list[Message]] = [[] for _ in range(self.connections)]
        for message in messages:
            shares[message.lane % self.connections].append(message)
        return shares

    def _share(self, messages: Sequence[Message], lanes: Lanes) -> None:
        trouble, line = 0, _Line(self)
        with lanes.open() as lane:
            for start in range(0, len(messages), self.group):
                some = messages[start : start + self.group]
                if not line.reach():
                    lane.tell({one.reference: Outcome(result=Result.UNREACHABLE) for one in some})
                    break
                ours = lane.hand_over([one.reference for one in some])
                if not ours:
                    continue
                outcomes = line.send([one for one in some if one.reference in ours])
                lane.tell(outcomes)
                trouble = trouble + 1 if any(one.result == Result.UNKNOWN for one in outcomes.values()) else 0
                if trouble >= PATIENCE:
                    break
        line.close()

    def _found(self, references: Sequence[str]) -> set[str] | None:
        line = _Line(self)
        try:
            if not line.reach():
                return None
            said = line.call({"ask": list(references)})
            return set(said["found"]) if isinstance(said, dict) and isinstance(said.get("found"), list) else None
        except (OSError, ValueError):
            return None
        finally:
            line.close()


class _Line:
    """One connection, made anew after it broke."""

    def __init__(self, sender: SimulatedSender) -> None:
        self._sender = sender
        self._socket: socket.socket | None = None
        self._file: Any = None

    def reach(self) -> bool:
        """Whether there is a connection."""
        if self._socket is None:
            try:
                self._socket = socket.create_connection(
                    (self._sender.host, self._sender.port), timeout=self._sender.timeout
                )
                self._file = self._socket.makefile("rb")
            except OSError:
                return False
        return True

    def send(self, messages: Sequence[Message]) -> dict[str, Outcome]:
        """The outcome of each."""
        references = [one.reference for one in messages]
        try:
            said = self.call({"send": [[one.reference, one.letter.address] for one in messages]})
        except OSError:
            self.close()
            return dict.fromkeys(references, CUT_OFF)
        except ValueError:
            return dict.fromkeys(references, NONSENSE)
        return _outcomes(references, said)

    def call(self, asked: Mapping[str, Any]) -> Any:
        """One line there, one back. Raises OSError where none comes, ValueError for what is no JSON."""
        if self._socket is None:
            raise OSError("not connected")
        self._socket.sendall(json.dumps(asked).encode() + b"\n")
        line = self._file.readline()
        if not line.endswith(b"\n"):
            raise ConnectionError("cut off")
        return json.loads(line)

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._file.close()
            self._socket.close()
            self._socket = None


def _outcomes(references: Sequence[str], said: Any) -> dict[str, Outcome]:
    """Only an answer that speaks of each message, and of no other, is one."""
    if not isinstance(said, dict) or not isinstance(said.get("later"), bool):
        return dict.fromkeys(references, NONSENSE)
    if said["later"]:
        return dict.fromkeys(references, Outcome(result=Result.DEFERRED, detail="later"))
    taken, refused = said.get("taken"), said.get("refused")
    if not (isinstance(taken, list) and isinstance(refused, list) and sorted([*taken, *refused]) == sorted(references)):
        return dict.fromkeys(references, NONSENSE)
    away = set(refused)
    return {
        one: Outcome(result=Result.REFUSED, detail="refused") if one in away else Outcome(result=Result.SENT)
        for one in references
    }
