"""A reference is said over the phone, typed with gloves on, and must still find one order or none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.kernel.references import ALPHABET, References

references = References(b"a key of the house")
numbers = st.integers(min_value=0, max_value=(1 << 40) - 1)


@pytest.mark.clause("REC-2")
@given(numbers)
def test_a_reference_leads_back_to_its_order(number: int) -> None:
    assert references.find(references.make(number)) == number


@given(numbers)
def test_case_dashes_and_look_alikes_are_forgiven(number: int) -> None:
    said = references.make(number).lower().replace("0", "o").replace("1", "l").replace("-", " ")
    assert references.find(said) == number


@pytest.mark.clause("REC-2")
def test_ten_thousand_orders_in_a_row_have_ten_thousand_references() -> None:
    made = {references.make(number) for number in range(10_000)}
    assert len(made) == 10_000
    assert not set("ILOU") & set("".join(made).replace("M", "", 1))


@given(numbers, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_found(number: int, place: int, other: str) -> None:
    plain = references.make(number).replace("-", "")
    wrong = plain[: place + 1] + other + plain[place + 2 :]
    assert references.find(wrong) == (number if wrong == plain else None)


@given(numbers, st.integers(1, 8))
def test_two_swapped_neighbours_are_found(number: int, place: int) -> None:
    plain = references.make(number).replace("-", "")
    wrong = plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]
    assert references.find(wrong) == (number if wrong == plain else None)


def test_another_house_makes_other_references() -> None:
    assert References(b"another key").make(1) != references.make(1)
    assert references.find("not a reference") is None
