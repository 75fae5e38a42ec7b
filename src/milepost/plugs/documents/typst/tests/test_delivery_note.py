"""The delivery note is a PDF, whatever stands on it."""

from datetime import date
from decimal import Decimal

import pytest

from milepost.plugs.documents.typst import TypstDocuments
from milepost.way.fulfilment.words import DeliveryNote, NoteLine


def note(**changes: object) -> DeliveryNote:
    usual = {
        "reference": "M7K3-Q9X-D2C", "number": 1, "issued_on": date(2026, 3, 2), "sender": ("Milepost Demo Shop",),
        "ship_to": ("Ada Okafor", "Lindenstraße 9", "10969 Berlin", "DE"), "carrier": "own", "weight_grams": 900,
        "parcels": ("PA473124829DE",), "contact": "help@milepost.example",
        "lines": (NoteLine(position=1, code="KETTLE-1", name="Kettle, 1.7 l", quantity=Decimal("1.000"), unit="piece"),),
    }  # fmt: skip
    return DeliveryNote(**{**usual, **changes})


@pytest.mark.clause("RECD-1")
def test_a_delivery_note_is_set_as_pdf() -> None:
    made = TypstDocuments().delivery_note(note())
    assert made.startswith(b"%PDF-")
    assert b"M7K3-Q9X-D2C" in made


def test_what_looks_like_markup_is_printed_and_never_run() -> None:
    nasty = '#panic("run") $x$ *b* \\ "quotes" ] } @label <tag> // /* \u202e'
    line = NoteLine(position=1, code=nasty, name=nasty, quantity=Decimal(1), unit=nasty)
    made = TypstDocuments().delivery_note(note(ship_to=(nasty,), lines=(line,), instructions=nasty, contact=nasty))
    assert made.startswith(b"%PDF-")


def test_a_hundred_lines_and_no_tracking_number_fill_several_pages() -> None:
    lines = tuple(
        NoteLine(position=n, code=f"I-{n}", name="Mug", quantity=Decimal(n), unit="piece") for n in range(1, 101)
    )
    made = TypstDocuments().delivery_note(note(lines=lines, parcels=(), weight_grams=None, carrier=""))
    assert len(made) > len(TypstDocuments().delivery_note(note()))
