"""Our own tracking numbers: UPU S10, never the same twice."""

import json
import os
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.way.fulfilment.numbers import OwnNumbers, check_digit, is_s10

NUMBERS = OwnNumbers(key=b"a key", country="DE")
SHARED = Path(os.environ.get("MILEPOST_SHARED_DATA") or Path(__file__).parents[6] / "shared" / "data")


@pytest.mark.parametrize(
    ("serial", "digit"), [("47312482", "9"), ("12345678", "5"), ("00000000", "5"), ("00000009", "3")]
)
def test_the_check_digit_is_that_of_the_standard(serial: str, digit: str) -> None:
    assert check_digit(serial) == digit


@given(st.sets(st.integers(0, 13 * 10**9 - 1), min_size=2, max_size=50))
def test_every_parcel_has_a_number_of_its_own_in_s10_form(parcels: set[int]) -> None:
    made = {NUMBERS.make(parcel) for parcel in parcels}
    assert len(made) == len(parcels)
    assert all(is_s10(number) for number in made)


def test_the_first_hundred_thousand_numbers_are_all_different_and_not_in_a_row() -> None:
    made = [NUMBERS.make(parcel) for parcel in range(100_000)]
    assert len(set(made)) == 100_000
    steps = {abs(int(b[2:10]) - int(a[2:10])) for a, b in pairwise(made)}
    assert len(steps) > 50_000


def test_another_key_makes_other_numbers() -> None:
    assert OwnNumbers(key=b"another", country="DE").make(1) != NUMBERS.make(1)


@given(st.integers(0, 10**8), st.integers(2, 10), st.integers(1, 9))
def test_one_wrong_digit_is_found_but_for_the_standards_own_ambiguity_of_the_digit_5(
    parcel: int, place: int, change: int
) -> None:
    number = NUMBERS.make(parcel)
    digit = str((int(number[place]) + change) % 10)
    wrong = number[:place] + digit + number[place + 1 :]
    assert not is_s10(wrong) or number[10] == "5"


@pytest.mark.parametrize(
    "number", ["", "PA47312482DE", "pa473124829de", "PA47312482٩DE", "PA4731248299E", "PA473124828DE"]
)
def test_what_is_not_s10_is_not_taken_for_it(number: str) -> None:
    assert not is_s10(number)


def test_no_number_is_made_past_the_last() -> None:
    with pytest.raises(ValueError, match="no S10 number"):
        NUMBERS.make(13 * 10**9)


@pytest.mark.skipif(not (SHARED / "tracking_number_data").exists(), reason="the shared data is not there")
def test_the_published_valid_numbers_are_accepted_and_the_wrong_digit_is_not() -> None:
    described = json.loads((SHARED / "tracking_number_data" / "couriers" / "s10.json").read_text(encoding="utf-8"))
    numbers = described["tracking_numbers"][0]["test_numbers"]
    assert numbers["valid"]
    assert all(is_s10(number) for number in numbers["valid"])
    assert not is_s10("RB123456786US")
