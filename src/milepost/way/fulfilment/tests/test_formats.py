"""Number intelligence: forms, check digits, ranked candidates, and the word of staff above them."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from milepost.way.fulfilment.formats import Context, misread, recognise, same_carrier, shape_of
from milepost.way.fulfilment.formats.recognising import _data, formats

SHARED = (
    Path(os.environ.get("MILEPOST_SHARED_DATA") or Path(__file__).parents[6] / "shared" / "data")
    / "tracking_number_data"
    / "couriers"
)
CODES = {"canadapost": "canada_post", "s10": ""}
"""What that collection calls our carriers, where it is something else; a post's number is that of its country's post."""

ONE_OF_EACH = {
    "1Z5R89390357567127": "ups",
    "986578788855": "fedex",
    "9400111206206406260787": "usps",
    "3318810025": "dhl_express",
    "00340434161094042557": "dhl_parcel_de",
    "09980000020033F": "dpd",
    "0073938000549297": "canada_post",
    "RB123456785GB": "royal_mail",
    "C11031500001879": "ontrac",
    "TBA010000000000": "amazon",
    "3SABCD1234567": "postnl",
}


def _numbers(kind: str) -> Iterator[tuple[str, str, str]]:
    for path in sorted(SHARED.glob("*.json")):
        told = json.loads(path.read_text("utf-8"))
        for form in told["tracking_numbers"]:
            for number in form["test_numbers"][kind]:
                yield CODES.get(path.stem, path.stem), form["name"], number


@pytest.mark.clause("TRK-1")
@pytest.mark.parametrize(("number", "carrier"), ONE_OF_EACH.items())
def test_a_number_of_each_carrier_is_told(number: str, carrier: str) -> None:
    assert recognise(number)[0].carrier == carrier


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data is not here")
def test_every_valid_number_of_the_collection_is_a_candidate_of_its_carrier() -> None:
    found = list(_numbers("valid"))
    missed = [
        (carrier, number)
        for carrier, _, number in found
        if not any(one.carrier.startswith(carrier) for one in recognise(number))
    ]
    assert len(found) > 150
    assert missed == []


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data is not here")
def test_every_invalid_number_of_the_collection_is_refused_for_its_form() -> None:
    """A number that another form of the same carrier's takes is told by that form only: Purolator's twelve digits are no letters
    and nine digits."""
    wrong = []
    for carrier, form, number in _numbers("invalid"):
        takers = [one for one in recognise(number) if carrier and one.carrier.startswith(carrier)]
        letters = "(alpha" in form and all(one.format == "purolator_12" for one in takers)
        if takers and not letters:
            wrong.append((form, number, takers))
        if not carrier and any(one.format == "s10" for one in recognise(number)):
            wrong.append((form, number, takers))
    assert wrong == []


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data is not here")
def test_numbers_that_fit_several_carriers_are_ranked_and_never_certain() -> None:
    shared = [(number, recognise(number)) for _, _, number in _numbers("valid") if len(recognise(number)) > 1]
    assert shared
    for _, candidates in shared:
        confidences = [one.confidence for one in candidates]
        assert confidences == sorted(confidences, reverse=True)
        assert confidences[0] < 99
        assert len({one.carrier for one in candidates}) == len(candidates)


def test_the_carriers_of_the_shop_and_the_country_narrow_the_choice() -> None:
    number = "287809468872"
    assert recognise(number)[0].carrier == "fedex"
    assert recognise(number, Context(sent_to="CA", carriers=frozenset({"purolator"})))[0].carrier == "purolator"
    abroad = recognise(number, Context(sent_to="DE", carriers=frozenset({"fedex"})))
    assert abroad[0].carrier == "fedex"
    assert abroad[0].confidence > recognise(number)[0].confidence


def test_what_staff_said_of_a_shape_stands_above_the_form() -> None:
    number = "287809468872"
    ruled = recognise(number, Context(rulings={shape_of(number): "purolator"}))
    assert ruled[0].carrier == "purolator"
    assert ruled[0].confidence > 80
    assert "staff said so of numbers like this" in ruled[0].reasons


@pytest.mark.parametrize("number", ["1Z5R89390357567127", "986578788855", "9400111206206406260787", "09980000020033F"])
def test_one_wrong_digit_is_a_misreading(number: str) -> None:
    carrier = recognise(number)[0].carrier
    spoilt = number[:-2] + ("1" if number[-2] != "1" else "2") + number[-1]
    assert not misread(number, carrier)
    assert misread(spoilt, carrier)


@given(digit=some.integers(0, 9), place=some.integers(2, 20))
def test_the_check_digit_of_gs1_finds_every_single_wrong_digit(digit: int, place: int) -> None:
    number = "9400111206206406260787"
    spoilt = number[:place] + str(digit) + number[place + 1 :]
    fits = any(one.format == "usps_impb" for one in recognise(spoilt))
    assert fits == (spoilt == number)


def test_spaces_dashes_and_small_letters_make_no_difference() -> None:
    assert recognise("1z 5r8-939 0357.567127") == recognise("1Z5R89390357567127")


@given(some.text(max_size=60))
def test_nothing_that_is_typed_breaks_it(text: str) -> None:
    for one in recognise(text):
        assert 0 < one.confidence < 100


def test_every_form_says_its_carrier_s_name_and_has_a_page_with_a_place_for_the_number() -> None:
    carriers = _data()["carriers"]
    operators = set(_data()["s10"]["operators"].values())
    assert {one.carrier for one in formats()} | operators <= set(carriers)
    for carrier, row in carriers.items():
        assert row["name"], carrier
        assert re.fullmatch(r"https://[^ ]+\{number\}[^ ]*", row["link"]), carrier
    assert all(0 < one.certainty < 100 and (not one.check or one.pattern.groupindex["check"]) for one in formats())


def test_a_branch_is_the_same_carrier() -> None:
    assert same_carrier("dhl", "DHL Express")
    assert not same_carrier("dhl", "dpd")
    assert not same_carrier("", "dpd")
