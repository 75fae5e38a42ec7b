"""A PostgreSQL cluster in a folder: made once, started by the first who needs it, stopped by the last who leaves.

It listens on a Unix socket in a folder that only its owner may enter, and on no network address, so that no password is needed.
Each process that uses it holds a shared lock; locks die with their holder, so the count is right even after `kill -9`.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from milepost.plugs.postgres.account import Account, account_for
from milepost.plugs.postgres.bins import Programs
from milepost.plugs.postgres.failures import ClusterFailed

OWNER = "milepost"
LONGEST_SOCKET = 100  # the kernel's limit for a socket's path is 107 bytes, with the file's own name
START_SECONDS = 60
AFTERMATH_SECONDS = 15
NOBODYS_PID = "999999999"  # above the highest process id of any system

COMMON = {
    "listen_addresses": "''",
    "max_connections": "100",
    "shared_buffers": "'256MB'",
    "jit": "off",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "random_page_cost": "1.1",
}
DURABLE = COMMON | {
    "work_mem": "'16MB'",
    "maintenance_work_mem": "'128MB'",
    "max_wal_size": "'4GB'",
    "checkpoint_timeout": "'15min'",
    "wal_compression": "on",
}
THROW_AWAY = COMMON | {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
}


@dataclass(frozen=True)
class Cluster:
    """`folder` holds the data and nothing else. `settings` are written anew at each start."""

    folder: Path
    programs: Programs
    settings: Mapping[str, str] = field(default_factory=lambda: DURABLE)

    def url(self, database: str = OWNER) -> str:
        """Where clients connect, as a libpq address."""
        return f"postgresql://{OWNER}@/{database}?host={quote(str(self.sockets), safe='/')}"

    @contextmanager
    def running(self) -> Iterator[str]:
        """Run the cluster for as long as this or any other process is inside; gives its address."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with _lock_file(self.folder, "users") as users:
            fcntl.flock(users, fcntl.LOCK_SH)
            self.revive()
            try:
                yield self.url()
            finally:
                self._leave(users)

    def revive(self) -> None:
        """Start it if it does not run, one process at a time."""
        with _lock_file(self.folder, "turn") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            self.start()

    def start(self) -> None:
        """Make the cluster if it is new, and start it unless it runs."""
        self._make()
        if not self.is_running():
            self._write_settings()
            self._disown_foreign_pid()
            self._launch()
        self._wait_until_ready()

    def stop(self) -> None:
        """Stop it, rolling back what is open; all that was committed stays."""
        if self._pid() is not None:
            self._run("pg_ctl", "stop", "-D", str(self.folder), "-m", "fast", "-w", "-t", str(START_SECONDS))

    def is_running(self) -> bool:
        """Whether a server of this very folder lives; a pid file alone is not believed."""
        return self._pid() is not None

    @cached_property
    def sockets(self) -> Path:
        """The folder of the Unix socket: the cluster's own, or a private one under /tmp where that path is too long."""
        if len(os.fsencode(self.folder)) <= LONGEST_SOCKET - len(".s.PGSQL.5432"):
            return self.folder
        digest = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"milepost-{digest}"

    @cached_property
    def account(self) -> Account:
        return account_for(programs=self.programs.folder, folder=self.folder)

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    def _leave(self, users: int) -> None:
        with _lock_file(self.folder, "turn") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            with suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self.stop()

    def _make(self) -> None:
        version = self.folder / "PG_VERSION"
        if version.exists():
            return self._check_version(int(version.read_text()))
        new = self.folder.with_name(f"{self.folder.name}.new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        self.account.own(new)
        self._run("initdb", "-D", str(new), "-U", OWNER, "--auth=trust", "--encoding=UTF8", *self._initdb_options())
        with (new / "postgresql.conf").open("a") as conf:
            conf.write("\ninclude_if_exists = 'milepost.conf'\n")
        new.rename(self.folder)
        return None

    def _initdb_options(self) -> Iterator[str]:
        """The same order of characters on every machine; PostgreSQL 17 and later bring it themselves."""
        if self.programs.major >= 17:
            yield from ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
        else:
            yield "--locale=C.UTF-8"
        if self.settings.get("fsync") == "off":
            yield "--no-sync"

    def _check_version(self, found: int) -> None:
        if found != self.programs.major:
            raise ClusterFailed(
                f"{self.folder} was made by PostgreSQL {found}, but {self.programs.folder} holds {self.programs.major}. "
                "Dump it with the old programs and load it with the new ones (pg_dump, psql), or move the folder away."
            )

    def _write_settings(self) -> None:
        self.account.own_all(self.folder)
        if self.sockets != self.folder:
            self._claim(self.sockets)
        lines = {**self.settings, "unix_socket_directories": "'" + str(self.sockets).replace("'", "''") + "'"}
        written = self.folder / "milepost.conf"
        written.write_text("# Written by Milepost at each start.\n" + "".join(f"{k} = {v}\n" for k, v in lines.items()))
        self.account.own(written)

    def _claim(self, folder: Path) -> None:
        """Take a folder in a place where others may write; one that somebody else made is not trusted."""
        try:
            folder.mkdir(mode=0o700)
            self.account.own(folder)
        except FileExistsError:
            if folder.is_symlink() or folder.stat().st_uid != self.account.uid:
                raise ClusterFailed(f"{folder} belongs to somebody else; remove it, or use a shorter path.") from None

    def _launch(self) -> None:
        """Start the server; after a crash, wait for what is left of the old one to go away."""
        deadline = time.monotonic() + AFTERMATH_SECONDS
        while True:
            try:
                return self._run(
                    "pg_ctl", "start", "-D", str(self.folder), "-l", str(self.log), "-w", "-t", str(START_SECONDS)
                )
            except ClusterFailed as failed:
                if "is still in use" not in str(failed) or time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def _wait_until_ready(self) -> None:
        """A server that another process is starting, or that recovers, is not ready at once."""
        deadline = time.monotonic() + START_SECONDS
        while (lines := self._pid_lines())[-1:] != ["ready"]:
            if time.monotonic() > deadline or not lines:
                raise ClusterFailed(f"The server in {self.folder} does not become ready.\n{self._end_of_log()}")
            time.sleep(0.05)

    def _pid(self) -> int | None:
        """The living server's process id. The pid file may be left from before a crash, its number another's by now."""
        lines = self._pid_lines()
        if not lines or not lines[0].isdigit():
            return None
        pid = int(lines[0])
        return pid if _is_alive(pid) and _works_in(pid, self.folder) else None

    def _disown_foreign_pid(self) -> None:
        """Where the number in a left-over pid file is some other program's by now, PostgreSQL would refuse to start.

        Only the number is replaced: the other lines let PostgreSQL see whether processes of its old life are still there.
        """
        (self.sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
        lines = self._pid_lines()
        if lines and lines[0].isdigit() and _is_alive(int(lines[0])):
            (self.folder / "postmaster.pid").write_text("\n".join([NOBODYS_PID, *lines[1:]]) + "\n")

    def _pid_lines(self) -> list[str]:
        try:
            return [line.strip() for line in (self.folder / "postmaster.pid").read_text().splitlines()]
        except FileNotFoundError:
            return []

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self.account.prefix, self.programs.path(program), *arguments]
        with tempfile.TemporaryFile("w+") as said:  # a pipe would stay open in the server, and this would wait for it
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd="/", check=False)
            if done.returncode != 0:
                said.seek(0)
                raise ClusterFailed(f"{program} failed: {said.read()[-2000:]}\n{self._end_of_log()}")

    def _end_of_log(self) -> str:
        return self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""


@contextmanager
def _lock_file(folder: Path, name: str) -> Iterator[int]:
    handle = os.open(folder.with_name(f".{folder.name}.{name}"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        yield handle
    finally:
        os.close(handle)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _works_in(pid: int, folder: Path) -> bool:
    """Whether the process is a server of `folder`; where the system does not tell, the pid file is believed."""
    proc = Path(f"/proc/{pid}")
    if not proc.exists():
        return True
    with suppress(OSError):
        return (proc / "cwd").readlink() == folder.resolve()
    return False
