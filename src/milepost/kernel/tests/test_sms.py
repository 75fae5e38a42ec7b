"""Texts as SMS: alphabets, lengths, segments."""

import pytest

from milepost.kernel.sms import BASIC, GSM_7, UCS_2, Segments, measure, plain


def test_the_basic_alphabet_has_its_127_characters_beside_the_escape():
    assert len(BASIC) == 127


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Segments(GSM_7, 0, 1)),
        ("a" * 160, Segments(GSM_7, 160, 1)),
        ("a" * 161, Segments(GSM_7, 161, 2)),
        ("a" * 306, Segments(GSM_7, 306, 2)),
        ("a" * 307, Segments(GSM_7, 307, 3)),
        ("€" * 80, Segments(GSM_7, 160, 1)),
        ("€" * 81, Segments(GSM_7, 162, 2)),
        ("ж" * 70, Segments(UCS_2, 70, 1)),
        ("ж" * 71, Segments(UCS_2, 71, 2)),
        ("ж" * 134, Segments(UCS_2, 134, 2)),
        ("ж" * 135, Segments(UCS_2, 135, 3)),
        ("📦" * 35, Segments(UCS_2, 70, 1)),
        ("a" * 69 + "📦", Segments(UCS_2, 71, 2)),
        ("ç", Segments(UCS_2, 1, 1)),  # only the capital stands in the table
        ("Ç", Segments(GSM_7, 1, 1)),
    ],
)
def test_segments_are_counted_as_networks_do(text: str, expected: Segments):
    assert measure(text) == expected


def test_what_takes_two_places_is_not_cut_in_two():
    assert measure("a" * 152 + "€" + "a" * 152) == Segments(GSM_7, 306, 3)  # 154 places would not fit the first 153
    assert measure("ж" * 66 + "📦" + "ж" * 66) == Segments(UCS_2, 134, 3)


def test_typographic_quotes_do_not_double_the_price_of_a_message():
    assert plain("Ada’s parcel – “today”…") == 'Ada\'s parcel - "today"...'
    assert plain("Zażółć – ok") == "Zażółć – ok"
