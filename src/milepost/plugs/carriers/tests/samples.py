"""The carriers' own samples, where they lie beside the checkout; tests of them are skipped where they do not."""

import os
from pathlib import Path

import pytest

from milepost.plugs.carriers.asked import asked
from milepost.plugs.carriers.ups import Ups
from milepost.plugs.carriers.usps import Usps
from milepost.way.tracking.ports import TrackingSource

SHARED = Path(os.environ.get("MILEPOST_SHARED_DATA") or Path(__file__).parents[6] / "shared" / "data")
with_data = pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not there")
ASKED_FOR = {"X-Milepost-Asked-For": "S3ND73"}

_ALL: tuple[TrackingSource, ...] = (Ups(), Usps(), *asked())
SOURCES: dict[str, TrackingSource] = {source.name: source for source in _ALL}
_KARRIO = "karrio_tracking_samples"
FILES: tuple[tuple[str, str], ...] = (
    ("asendia", f"{_KARRIO}/asendia__tracking_response.json"),
    ("australiapost", f"{_KARRIO}/australiapost__tracking_response.json"),
    ("canpar", "carriers/canpar/tracking.xml"),
    ("dhl", f"{_KARRIO}/dhl_universal__tracking.json"),
    ("dhl", "carriers/dhl_universal/tracking.json"),
    ("dhl_express", f"{_KARRIO}/mydhl__tracking_response.json"),
    ("fedex", f"{_KARRIO}/fedex__tracking_response.json"),
    ("gls", f"{_KARRIO}/gls__tracking_response.json"),
    ("hermes", f"{_KARRIO}/hermes__tracking_response.json"),
    ("landmark", "carriers/landmark/in-transit.xml"),
    ("landmark", "carriers/landmark/delivered.xml"),
    ("laposte", f"{_KARRIO}/laposte__tracking_response.json"),
    ("parcelone", f"{_KARRIO}/parcelone__tracking_response.json"),
    ("seko", f"{_KARRIO}/seko__tracking_response.json"),
    ("sendle", f"{_KARRIO}/sendle__tracking_response.json"),
    ("smartkargo", f"{_KARRIO}/smartkargo__tracking_response.json"),
    ("smartkargo", f"{_KARRIO}/smartkargo__partner_tracking_response.json"),
    ("spring", f"{_KARRIO}/spring__tracking_response.json"),
    ("teleship", f"{_KARRIO}/teleship__tracking_response.json"),
    ("ups", f"{_KARRIO}/ups__tracking_response.json"),
    ("ups", "carriers/ups/tracking.json"),
    ("ups", "carriers/ups/number-not-found.json"),
    ("usps", f"{_KARRIO}/usps__tracking_responses.json"),
    ("usps", "carriers/usps/tracking.json"),
    ("usps", "carriers/usps/error.json"),
)


def sample(name: str) -> bytes:
    """The bytes of a sample."""
    return (SHARED / name).read_bytes()
