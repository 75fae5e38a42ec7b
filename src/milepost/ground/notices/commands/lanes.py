"""Senders' lines to our books. Many threads write through one clerk, who commits what has gathered in one statement.

So a message is still marked, and that is on disk, before its point of no return; but a hundred threads that hand over at about
the same time pay for one commit, and need one connection to the database.
"""

import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import get_ident

from django.db import connection

from milepost.ground.notices.commands import attempts
from milepost.ground.notices.commands.attempts import Key, Watch
from milepost.ground.notices.words import Outcome


class BookLanes:
    """Lanes into the attempts of one batch."""

    def __init__(self, keys: Mapping[str, Key], watch: Watch) -> None:
        self._keys, self._watch, self._home = keys, watch, get_ident()
        self._lock, self._clerk = threading.Lock(), None  # type: tuple[threading.Lock, Clerk | None]

    @contextmanager
    def open(self) -> Iterator["BookLane | ClerkLane"]:
        """A lane for this thread: its own where it is the one that opened the books, else one through the clerk."""
        if get_ident() == self._home:
            yield BookLane(self._keys, self._watch)
        else:
            yield ClerkLane(self._the_clerk())

    def close(self) -> None:
        """All that was told is written. Raises what kept the clerk from writing."""
        if self._clerk is not None:
            self._clerk.finish()

    def _the_clerk(self) -> "Clerk":
        with self._lock:
            if self._clerk is None:
                self._clerk = Clerk(self._keys, self._watch)
            return self._clerk


class BookLane:
    """The line of the thread that works on the batch; each word is committed at once."""

    def __init__(self, keys: Mapping[str, Key], watch: Watch) -> None:
        self._keys, self._watch = keys, watch

    def hand_over(self, references: Collection[str]) -> frozenset[str]:
        """Mark the point of no return of those that are still ours, and say which they are."""
        return attempts.hand_over([self._keys[r] for r in references], at=self._watch.now())

    def tell(self, outcomes: Mapping[str, Outcome]) -> None:
        """Close attempts; late news may still replace *unknown*."""
        rows = [(*self._keys[reference], outcome) for reference, outcome in outcomes.items()]
        attempts.close(rows, at=self._watch.now())


@dataclass
class _Wanted:
    """What one thread asks of the clerk, and the answer."""

    references: Collection[str]
    done: threading.Event = field(default_factory=threading.Event)
    ours: frozenset[str] = frozenset()


class ClerkLane:
    """A line through the clerk. What is told is written without the teller waiting for it."""

    def __init__(self, clerk: "Clerk") -> None:
        self._clerk = clerk

    def hand_over(self, references: Collection[str]) -> frozenset[str]:
        """As the port says: committed before it returns."""
        return self._clerk.hand_over(references)

    def tell(self, outcomes: Mapping[str, Outcome]) -> None:
        """Close attempts, at once or with the next that are handed over."""
        self._clerk.tell(outcomes)


class Clerk:
    """A thread that writes for all others; while it writes, more gathers."""

    def __init__(self, keys: Mapping[str, Key], watch: Watch) -> None:
        self._keys, self._watch = keys, watch
        self._turn = threading.Condition()
        self._wanted: list[_Wanted] = []
        self._told: dict[str, Outcome] = {}
        self._over = False
        self._broke: BaseException | None = None
        self._thread = threading.Thread(target=self._work, daemon=True, name="clerk")
        self._thread.start()

    def hand_over(self, references: Collection[str]) -> frozenset[str]:
        """Those that may be handed over."""
        wanted = _Wanted(references)
        with self._turn:
            self._wanted.append(wanted)
            self._turn.notify()
        wanted.done.wait()
        if self._broke is not None:
            raise self._broke
        return wanted.ours

    def tell(self, outcomes: Mapping[str, Outcome]) -> None:
        """Have outcomes written."""
        with self._turn:
            self._told.update(outcomes)
            self._turn.notify()

    def finish(self) -> None:
        """Write what is left, and stop."""
        with self._turn:
            self._over = True
            self._turn.notify()
        self._thread.join()
        if self._broke is not None:
            raise self._broke

    def _work(self) -> None:
        try:
            while self._write(*self._gathered()):
                pass
        finally:
            connection.close()

    def _gathered(self) -> tuple[list[_Wanted], dict[str, Outcome], bool]:
        with self._turn:
            while not (self._wanted or self._told or self._over):
                self._turn.wait()
            wanted, self._wanted = self._wanted, []
            told, self._told = self._told, {}
            return wanted, told, not self._over

    def _write(self, wanted: list[_Wanted], told: dict[str, Outcome], more: bool) -> bool:
        try:
            if self._broke is None:
                self._in_the_book(wanted, told)
        except BaseException as broke:
            self._broke = broke
        finally:
            for one in wanted:
                one.done.set()
        return more

    def _in_the_book(self, wanted: list[_Wanted], told: Mapping[str, Outcome]) -> None:
        closed = [(*self._keys[reference], outcome) for reference, outcome in told.items()]
        asked = [self._keys[reference] for one in wanted for reference in one.references]
        ours = attempts.close_and_hand_over(closed, asked, at=self._watch.now())
        for one in wanted:
            one.ours = ours.intersection(one.references)
