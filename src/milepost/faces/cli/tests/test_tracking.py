"""`milepost tracking`: what a file says, files into the store, and how asking carriers goes."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from milepost.config.main import parser
from milepost.ground.arrivals import queries as store
from milepost.way.tracking.models import Poll, PollerSpent
from milepost.way.tracking.tests.parcels import hour, progress, shipped
from milepost.way.tracking.words import Stage

pytestmark = pytest.mark.django_db
Told = Callable[..., tuple[int, str]]


@pytest.fixture
def told(capfd: pytest.CaptureFixture[str]) -> Told:
    """The exit code of a command, and all that it printed."""

    def run(*words: str) -> tuple[int, str]:
        asked = parser().parse_args(["tracking", *words])
        code = int(asked.run(asked))
        printed = capfd.readouterr()
        return code, printed.out + printed.err

    return run


def written(folder: Path, text: str, name: str = "events.csv") -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


USPS = json.dumps(
    {"trackingNumber": "94001", "trackingEvents": [
        {"eventCode": "OF", "eventType": "Out for Delivery", "GMTTimestamp": "2026-11-16T12:00:00Z", "eventCity": "HERNANDO"}]}
)  # fmt: skip


@pytest.mark.clause("TRK-2")
def test_what_is_read_in_a_carrier_s_file_is_printed_and_nothing_is_kept(told: Told, tmp_path: Path) -> None:
    file = written(tmp_path, USPS)
    code, text = told("read", "usps", file)
    assert (code, store.arrivals()) == (0, [])
    assert "94001  2026-11-16 12:00:00Z  out_for_delivery  [OF]" in text
    assert "HERNANDO" in text
    record = json.loads(told("read", "usps", file, "--json")[1])
    assert (record["kind"], record["happened_at"]) == ("out_for_delivery", "2026-11-16T12:00:00+00:00")


def test_a_file_that_makes_no_sense_is_refused_with_a_sentence(told: Told, tmp_path: Path) -> None:
    assert told("read", "usps", written(tmp_path, "<html>")) == (
        1, "The body is not JSON in UTF-8. Look at the raw delivery; the vendor sends JSON.\n",
    )  # fmt: skip
    code, text = told("read", "usps", str(tmp_path / "missing.json"))
    assert code == 2
    assert "cannot be read" in text


@pytest.mark.clause("TRK-2")
def test_events_of_a_file_are_kept_and_recorded_the_bad_line_named_and_a_repeat_changes_nothing(
    told: Told, tmp_path: Path
) -> None:
    (parcel,) = shipped(carrier="pigeon", numbers=("PIG1",))
    at = hour(2).isoformat()
    good = f"Tracking Number;Code;Happened at;Place\nPIG1;picked_up;{at};Berlin\n"
    code, text = told("import", written(tmp_path, good))
    assert code == 0
    assert text.endswith(": processed.\n")
    assert progress(parcel).stage is Stage.IN_TRANSIT
    code, text = told(
        "import", written(tmp_path, f"{good}PIG1;flying;{at};\nPIG1;out_for_delivery;{hour(3).isoformat()};\n")
    )
    assert code == 1
    assert "Event 2: flying is no code of ours." in text
    assert progress(parcel).stage is Stage.OUT_FOR_DELIVERY
    assert {row.source for row in store.arrivals()} == {"file"}


def test_a_carrier_s_own_answer_is_imported_in_its_name(told: Told, tmp_path: Path) -> None:
    (parcel,) = shipped(carrier="usps", numbers=("94001",))
    assert told("import", written(tmp_path, USPS), "--source", "usps")[0] == 0
    assert progress(parcel).stage is Stage.OUT_FOR_DELIVERY


def test_events_of_a_parcel_that_nobody_knows_wait_for_it(told: Told, tmp_path: Path) -> None:
    code, text = told(
        "import", written(tmp_path, f"tracking_number,code,happened_at\nNOBODY1,delivered,{hour(2).isoformat()}\n")
    )
    assert code == 1
    assert "waiting. No parcel of ours was shipped with the number NOBODY1" in text


def test_how_asking_goes_is_listed(told: Told) -> None:
    assert "No carrier is asked" in told("asked")[1]
    Poll.objects.create(
        parcel_id=1,
        order_id=1,
        carrier="ups",
        tracking_number="1Z",
        shipped_at=hour(0),
        poller="ups",
        next_poll_at=hour(1),
    )
    PollerSpent.objects.create(
        name="ups", hour=hour(0), day=hour(0), in_hour=3, in_day=7, closed_until=hour(2), says="It answers 503."
    )
    text = told("asked")[1]
    assert "ups: 1 parcels, 1 to be asked about, 3 calls this hour, 7 today" in text
    assert "left alone until 2026-11-16 11:00:00Z: It answers 503." in text
