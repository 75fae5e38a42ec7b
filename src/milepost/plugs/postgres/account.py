"""PostgreSQL refuses to run as root. Here it is decided under which account, and how, its programs run instead.

An ordinary user runs them as itself. Root hands them to the owner of the data or of the folder they lie in; if that is root,
to the account `postgres`, or `nobody` where there is none. Where that account may not pass through the folders above (a clone
in /root, say), the programs keep the one capability that lets them pass; nothing outside the cluster's folder is changed.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from milepost.plugs.postgres.failures import ClusterFailed

ACCOUNTS = ("postgres", "nobody")
PASS_ANYWHERE = ("--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--securebits=+no_setuid_fixup")
ADVICE = "Run Milepost as an ordinary user, keep it in a folder that others may enter, or set DATABASE_URL to another server."


@dataclass(frozen=True)
class Account:
    """Who owns the cluster's files, and what stands before each command so that it runs as that owner."""

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()

    def own(self, path: Path) -> None:
        """Make this account the owner of a file or folder of the cluster."""
        if path.lstat().st_uid != self.uid:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def own_all(self, folder: Path) -> None:
        """Make this account the owner of a whole cluster that another account made, after a change of accounts."""
        if folder.stat().st_uid != self.uid:
            for path in (*folder.rglob("*"), folder):
                self.own(path)


def account_for(*, programs: Path, folder: Path) -> Account:
    """The account that can run `programs` on `folder`, whose parent exists."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    entry = next(_candidates(folder), None)
    setpriv = shutil.which("setpriv")
    if entry is None or setpriv is None:
        raise ClusterFailed(f"PostgreSQL cannot run as root, and no other account can be used here. {ADVICE}")
    drop = (setpriv, f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups")
    for prefix in (drop, (*drop, *PASS_ANYWHERE)):
        if _succeeds([*prefix, "test", "-x", str(programs / "postgres"), "-a", "-x", str(folder.parent)]):
            return Account(entry.pw_uid, entry.pw_gid, prefix)
    raise ClusterFailed(
        f"PostgreSQL cannot run as root, and the account {entry.pw_name} may not enter {folder.parent} or {programs}. {ADVICE}"
    )


def _candidates(folder: Path) -> Iterator[pwd.struct_passwd]:
    """Whose the data are, or will be by the folder they lie in; then the accounts made for this."""
    owner = (folder if folder.exists() else folder.parent).stat().st_uid
    with suppress(KeyError):
        yield from (pwd.getpwuid(uid) for uid in [owner] if uid != 0)
    for name in ACCOUNTS:
        with suppress(KeyError):
            yield pwd.getpwnam(name)


def _succeeds(command: Sequence[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
