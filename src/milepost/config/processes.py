"""Child processes that are kept alive: started, watched, started again after a pause, stopped together."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0
SETTLED_SECONDS = 30.0
LARGEST_LOG = 10 * 1024 * 1024
STOP_SECONDS = 15
PARENT = "MILEPOST_PARENT"
# Few heaps of the C library instead of one a thread: a batch of a thousand orders leaves its memory to the next one.
FRUGAL = {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "1048576"}


@dataclass
class Child:
    """One process with its log. Its whole process group goes when it goes, so that no grandchild keeps a port or a claim."""

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    pause: float = FIRST_PAUSE
    started_at: float = 0.0
    resting_until: float | None = None
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    def start(self) -> None:
        """Start the process in a group of its own, its output appended to the log."""
        _rotate(self.log)
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**FRUGAL, **os.environ, **self.environment, PARENT: str(os.getpid())},
                start_new_session=True,
            )
        self.started_at, self.resting_until = time.monotonic(), None

    def check(self, say: Callable[[str], None]) -> None:
        """See that it lives; after a death say so, and start it again when its pause is over."""
        now = time.monotonic()
        if self.resting_until is not None:
            if now >= self.resting_until:
                self.start()
        elif not self.is_alive():
            self.bury()
            self.pause = FIRST_PAUSE if now - self.started_at > SETTLED_SECONDS else min(self.pause * 2, LONGEST_PAUSE)
            self.resting_until = now + self.pause
            say(f"{self.name} stopped ({self._last_words()}); it starts again in {self.pause:.0f} s. See {self.log}")

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ask_to_stop(self) -> None:
        """Let it finish what it has in hand."""
        if self.process is not None and self.is_alive():
            self.process.terminate()

    def wait_until_stopped(self, deadline: float) -> None:
        """Wait for it until `deadline` (monotonic seconds), then kill what is left of its group."""
        if self.process is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(max(0.0, deadline - time.monotonic()))
            self.bury()

    def bury(self) -> None:
        """Kill what is left of its group at once."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def _last_words(self) -> str:
        code = self.process.returncode if self.process else 0
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def milepost(*arguments: str) -> list[str]:
    """The command line that runs `milepost` with these arguments in this very Python."""
    return [sys.executable, "-m", "milepost", *arguments]


def follow_parent() -> None:
    """In a child: stop in good order when the parent is gone, however it went, and at once after a while.

    Linux could send a signal instead, but sends it once for each thread that the parent had; and other systems do not.
    """
    if parent := os.environ.get(PARENT):
        threading.Thread(target=_stop_after, args=[int(parent)], daemon=True, name="parent").start()


def _stop_after(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(STOP_SECONDS)
    os.killpg(0, signal.SIGKILL)


def _rotate(log: Path) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".log.1"))
