"""All carriers that only answer, each with its reader; who asks them, or brings their answers as files, is another matter."""

from collections.abc import Iterator, Mapping
from typing import cast

from milepost.kernel.lately import found, lately
from milepost.way.tracking.ports import TrackingSource

READERS: Mapping[str, str] = {
    **{
        name: f"{name}:{name}"
        for name in (
            "fedex", "gls", "hermes", "laposte", "australiapost", "canpar", "landmark", "asendia", "seko", "smartkargo",
            "spring", "teleship", "parcelone", "simulated",
        )
    },
    **{name: f"dhl:{name}" for name in ("dhl", "dhl_express", "dhl_parcel_de")},
    "sendle": "sendle:Sendle",
    "file": "sheet:Sheet",
}  # fmt: skip
"""By the name under which their answers are kept: the module, and what makes the reader. `file` are sheets that people write."""


def asked() -> Iterator[TrackingSource]:
    """Their readers; each is loaded when there is something to read."""
    for name, where in READERS.items():
        yield _reader(name, f"milepost.plugs.carriers.{where}")


def _reader(name: str, path: str) -> TrackingSource:
    def make() -> TrackingSource:
        return cast(TrackingSource, found(path)())

    return lately(make, name=name)
