"""Whatever is sent in a carrier's name, its reader gives events or a refusal, and never an accident."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from milepost.plugs.carriers.tests.samples import FILES, SOURCES, sample, with_data
from milepost.way.tracking.words import Reading

NAMES = sorted(SOURCES)
ODD: tuple[Any, ...] = (
    None, 0, -1, 10**400, 1.5, True, "", "\x00", "\ud800", "x" * 3000, [], [[]], [{}], {}, {"a": {}}, "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59-14:00", "2026-02-30", "99999999", "240000", "+99:99", "NaN",
)  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(ODD),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4), max_leaves=12,
)  # fmt: skip


def is_sound(reading: Reading) -> bool:
    return all(event.happened_at.tzinfo is not None and event.tracking_number for event in reading.events)


@pytest.mark.clause("OPS-1")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"{",
        b"[]",
        b"null",
        b"7",
        b'"x"',
        b"<",
        b"<a/>",
        b"\x00" * 10,
        b"[" * 100_000,
        b"<!DOCTYPE a><a/>",
    ],
)
def test_nonsense_is_refused_or_says_nothing(name: str, body: bytes) -> None:
    reading = SOURCES[name].read(body)
    assert reading.events == ()


@with_data
@pytest.mark.clause("OPS-1")
@pytest.mark.parametrize(
    ("name", "file"), [one for one in FILES if one[1].endswith("json") and one[1] != "carriers/usps/tracking.json"]
)
def test_a_sample_in_which_anything_is_replaced_by_something_odd_is_no_accident(name: str, file: str) -> None:
    said = json.loads(sample(file))
    for path in list(_paths(said)):
        for odd in ODD:
            changed = json.dumps(_changed(said, path, odd)).encode("utf-8", "surrogatepass")
            assert is_sound(SOURCES[name].read(changed)), (path, odd)


@with_data
@pytest.mark.parametrize(("name", "file"), FILES)
def test_a_sample_that_is_cut_off_anywhere_is_no_accident(name: str, file: str) -> None:
    body = sample(file)
    for end in range(0, len(body), max(1, len(body) // 40)):
        assert is_sound(SOURCES[name].read(body[:end]))


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(said=ANYTHING)
def test_any_json_at_all_is_no_accident(said: Any) -> None:
    body = json.dumps(said).encode("utf-8", "surrogatepass")
    for name in NAMES:
        assert is_sound(SOURCES[name].read(body))


@settings(max_examples=100, deadline=None)
@given(body=st.binary(max_size=200))
def test_any_bytes_at_all_are_no_accident(body: bytes) -> None:
    for name in NAMES:
        assert is_sound(SOURCES[name].read(body))


def test_more_scans_than_a_parcel_can_have_are_refused() -> None:
    scan = {"eventCode": "OF", "GMTTimestamp": "2026-11-16T08:00:00Z"}
    reading = SOURCES["usps"].read(json.dumps({"trackingNumber": "94001", "trackingEvents": [scan] * 3000}).encode())
    assert (reading.events, reading.refusal and reading.refusal.code) == ((), "too_many_scans")


def _paths(said: Any, at: tuple[Any, ...] = ()) -> Any:
    yield at
    if isinstance(said, dict):
        for name, value in said.items():
            yield from _paths(value, (*at, name))
    elif isinstance(said, list) and said:
        yield from _paths(said[0], (*at, 0))


def _changed(said: Any, path: tuple[Any, ...], odd: Any) -> Any:
    if not path:
        return odd
    first, *rest = path
    if isinstance(said, dict):
        return {**said, first: _changed(said[first], tuple(rest), odd)}
    return [_changed(said[0], tuple(rest), odd), *said[1:]]
