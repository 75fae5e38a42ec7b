"""Purchase orders in EDIFACT as partners' systems really send them; nothing is guessed, and every rejection says where."""

import os
import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.plugs.inboxes.edifact import EdifactAnswers, EdifactOrders
from milepost.way.intake.words import LineResponse, OrderResponse, OrderSheet, Response

SHARED = (
    Path(os.environ.get("MILEPOST_SHARED_DATA") or Path(__file__).parents[7] / "shared" / "data") / "edi" / "edifact"
)
with_data = pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not there")
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
BODY = (
    "BGM+220+PO-77+9'DTM+137:20261116:102'DTM+2:20261201:102'FTX+AAI+++Ring twice:at the gate'RFF+CT:9'"
    "NAD+BY+4012345000009::9++Okafor Tea'CTA+OC+:Mona'COM+mona@okafor.example:EM'COM+?+49 30 901820:TE'NAD+SU+4000001000005::9'"
    "NAD+DP+4012345000016::9++Warehouse 2+Kastanienallee 12+Berlin++10435+DE'CUX+2:EUR:9'"
    "LIN+1++4006381333931:EN'PIA+1+TEA-1:SA+B-17:IN'IMD+F++:::Green tea'QTY+21:2:PCE'MOA+203:25'PRI+AAA:12.5'"
    "LIN+2++CUP-2:SA'QTY+21:3,5:KGM'PRI+AAA:125:::100:KGM'UNS+S'MOA+86:29.38'CNT+2:2'CNT+1:5.5'"
)


def interchange(body: str = BODY, *, head: str = "", level: str = "UNOC:3", tail: str = "", messages: int = 1) -> str:
    unh = [
        f"UNH+{number}+ORDERS:D:96A:UN:EAN008'{body}UNT+{body.count(chr(39)) + 2}+{number}'"
        for number in range(1, messages + 1)
    ]
    unb = f"UNB+{level}+4012345000009:14+4000001000005:14+261116:0900+R101{tail}'"
    return f"{head}{unb}{''.join(unh)}UNZ+{messages}+R101'"


def read(text: str | bytes) -> OrderSheet:
    return EdifactOrders(currency="EUR").read(text.encode("latin-1") if isinstance(text, str) else text)


def reported(text: str, *, asked: bool = False) -> list[str]:
    answer = EdifactAnswers().acknowledge(text.encode("latin-1"), number=12, at=NOW, asked=asked)
    return re.split(r"'\n?", answer.body.decode()) if answer else []


def codes(sheet: OrderSheet) -> list[tuple[str, str]]:
    return [(refusal.code, refusal.field) for refusal in sheet.refusals]


@pytest.mark.clause("REC-3")
def test_every_element_finds_its_place():
    (one,) = read(interchange()).incoming
    draft = one.draft
    assert (draft.po_number, draft.currency) == ("PO-77", "EUR")
    assert (draft.customer.external_ref, draft.customer.name) == ("4012345000009", "Okafor Tea")
    assert (draft.customer.email, draft.customer.phone) == ("mona@okafor.example", "+49 30 901820")
    assert draft.ship_to.lines() == ["Warehouse 2", "Kastanienallee 12", "10435 Berlin", "DE"]
    assert draft.instructions == "Deliver on 2026-12-01\nRing twice at the gate"
    assert [(line.code, line.quantity, line.unit, line.price) for line in draft.lines] == [
        ("TEA-1", Decimal(2), "piece", Decimal("12.5")),
        ("CUP-2", Decimal("3.5"), "kg", Decimal("1.25")),
    ]
    assert one.numbers == (("TEA-1", "4006381333931", "04006381333931"), ("CUP-2",))
    assert "B-17:IN" in one.origins["lines.0.code"]["from"]
    assert one.raw == interchange().encode()


@pytest.mark.parametrize(
    "spelt",
    [
        lambda text: "UNA:+.? '" + text,
        lambda text: "UNA:+,? '\r\n" + text.replace("'", "'\r\n"),
        lambda text: "UNA|*.\\ ~" + text.replace("?+", "§").translate(str.maketrans(":+'", "|*~")).replace("§", "+"),
        lambda text: text.replace("?+", "§").translate(str.maketrans(":+'", "\x1f\x1d\x1c")).replace("§", "+"),
        lambda text: "\n".join(text[place : place + 80] for place in range(0, len(text), 80)),
    ],
    ids=["advice", "decimal comma and new lines", "marks of their own", "level B", "wrapped at 80"],
)
def test_the_same_order_is_read_by_whatever_marks_it_is_cut(spelt):
    assert read(spelt(interchange())).incoming[0].draft == read(interchange()).incoming[0].draft


@pytest.mark.parametrize(
    ("level", "encoding", "name"),
    [
        ("UNOC:3", "latin-1", "Müller"),
        ("UNOD:3", "iso8859-2", "Łódź"),
        ("UNOE:3", "iso8859-5", "Иван"),
        ("UNOF:3", "iso8859-7", "Αθήνα"),
        ("UNOY:4", "utf-8", "東京"),
        ("UNOA:2", "utf-8", "Müller"),
        ("UNOA:2", "latin-1", "Müller"),
    ],
)
def test_names_are_read_by_the_character_set_that_the_interchange_names(level: str, encoding: str, name: str):
    text = interchange(level=level).replace("Warehouse 2", name)
    assert read(text.encode(encoding)).incoming[0].draft.ship_to.name == name


def test_bytes_that_the_character_set_does_not_know_are_reported():
    body = interchange(level="UNOY:4").replace("Warehouse", "Müller").encode("latin-1")
    assert [refusal.field for refusal in read(body).refusals] == ["UCI 21"]


def test_a_released_mark_is_text():
    text = interchange().replace("Warehouse 2", "O?'Neill?: 4 ?+ 5 ??")
    assert read(text).incoming[0].draft.ship_to.name == "O'Neill: 4 + 5 ?"


def test_several_orders_in_one_interchange_are_orders_of_their_own_with_their_own_part():
    sheet = read(interchange(messages=3))
    assert (sheet.orders, len(sheet.incoming)) == (3, 3)
    assert sheet.incoming[1].raw.decode().count("UNH+") == 1


@pytest.mark.parametrize(
    ("was", "now", "refusal"),
    [
        ("BGM+220+PO-77+9", "BGM+220+PO-77+1", ("not_a_new_order", "BGM")),
        ("BGM+220+", "BGM+221+", ("not_a_new_order", "BGM")),
        ("LIN+1++", "LIN+1+2+", ("not_a_new_order", "LIN")),
        ("IMD+F++:::Green tea", "NAD+DP+4012345000023::9", ("several_destinations", "ship_to")),
        ("IMD+F++:::Green tea", "LOC+7+A::9'LOC+7+B::9", ("several_destinations", "ship_to")),
        ("MOA+86:29.38", "MOA+86:29.98", ("totals_disagree", "total")),
        ("MOA+203:25", "MOA+203:26", ("totals_disagree", "line_total")),
        ("QTY+21:2:PCE", "QTY+192:2:PCE", ("quantity_missing", "quantity")),
        ("PIA+1+TEA-1:SA+B-17:IN", "PIA+1+B-17:IN", None),
        ("100:KGM", "100:PCE", ("price_basis_unknown", "price")),
        ("RFF+CT:9", "ALC+A++++DI'PCD+1:5", ("charge_unclear", "ALC")),
    ],
)
def test_what_cannot_be_taken_as_it_stands_is_refused_with_its_place_though_its_syntax_is_sound(was, now, refusal):
    body = BODY.replace("CNT+1:5.5'", "")
    assert was in body
    sheet = read(interchange(body.replace(was, now)))
    assert codes(sheet)[:1] == ([refusal] if refusal else [])
    assert bool(sheet.incoming) is (refusal is None)
    assert reported(interchange(body.replace(was, now))) == []


@pytest.mark.clause("VER-3")
@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("UNT+27+", "UNT+26+", ["UCM+1+ORDERS:D:96A:UN+4+29"]),
        ("+1'UNZ", "+2'UNZ", ["UCM+1+ORDERS:D:96A:UN+4+28"]),
        ("UNZ+1+", "UNZ+2+", ["UCI+R101+4012345000009:14+4000001000005:14+4+29"]),
        ("UNZ+1+R101'", "", ["UCI+R101+4012345000009:14+4000001000005:14+4+13"]),
        ("UNZ+1+R101", "UNZ+1+R102", ["UCI+R101+4012345000009:14+4000001000005:14+4+28"]),
        ("QTY+21:2:PCE", "QTY+21:two:PCE", ["UCM+1+ORDERS:D:96A:UN+4+12", "UCS+17+12", "UCD+12+1:2"]),
        ("CNT+2:2", "CNT+2:3", ["UCD+29+1:2"]),
        ("DTM+2:20261201", "DTM+2:20261301", ["UCD+12+1:2"]),
        ("BGM+220+PO-77", "BGM+220+", ["UCD+13+2:1"]),
        ("ORDERS:D", "INVOIC:D", ["UCM+1+INVOIC:D:96A:UN+4+12"]),
    ],
)
def test_bad_syntax_is_rejected_by_contrl_with_its_codes(was, now, told):
    text = interchange()
    assert was in text
    text = text.replace(was, now, 1)
    said = reported(text)
    assert all(one in said for one in told), said
    assert read(text).incoming == ()


def test_contrl_is_sent_for_sound_interchanges_only_where_it_is_asked_for():
    acknowledged = "UCI+R101+4012345000009:14+4000001000005:14+7"
    assert reported(interchange()) == []
    assert acknowledged in reported(interchange(), asked=True)
    assert acknowledged in reported(interchange(tail="++++1"))


def test_a_trial_is_noticed():
    assert read(interchange(tail="++++++1")).exchange.test
    assert not read(interchange()).exchange.test


def test_freight_and_credits_of_the_order_are_part_of_its_total():
    body = BODY.replace("RFF+CT:9", "ALC+C++++FC'MOA+8:4.9'ALC+A++++DI'MOA+8:1").replace(
        "MOA+86:29.38", "MOA+124:2.1'MOA+86:35.38"
    )
    draft = read(interchange(body)).incoming[0].draft
    assert (draft.freight, draft.charges, draft.tax, draft.total) == (
        Decimal("4.9"), Decimal(-1), Decimal("2.1"), Decimal("35.38"),
    )  # fmt: skip


def test_an_unstructured_address_is_no_city_and_is_left_to_be_asked():
    body = BODY.replace(
        "++Warehouse 2+Kastanienallee 12+Berlin++10435+DE", "+Warehouse 2:Kastanienallee 12:10435 Berlin"
    )
    assert read(interchange(body)).incoming[0].draft.ship_to.lines() == [
        "Warehouse 2",
        "Kastanienallee 12",
        "10435 Berlin",
    ]
    assert read(interchange(body)).incoming[0].draft.ship_to.city == ""


def test_an_ordrsp_tells_each_line_what_becomes_of_it():
    (one,) = read(interchange()).incoming
    lines = (
        LineResponse(position=1, code="TEA-1", quantity=Decimal(2), unit_price=Decimal("12.5"), short=Decimal(1),
                     short_until=NOW.date()),
        LineResponse(position=2, code="CUP-2", quantity=Decimal("3.5"), unit_price=Decimal("1.25"), cancelled=True),
    )  # fmt: skip
    response = OrderResponse(order_id=1, reference="M7K3", response=Response.CHANGED, currency="EUR", lines=lines)
    told = re.split(r"'\n?", EdifactAnswers().respond(one.raw, response, number=13, at=NOW).body.decode())
    assert told[:3] == [
        "UNB+UNOC:3+4000001000005:14+4012345000009:14+261116:0900+1300", "UNH+1+ORDRSP:D:96A:UN", "BGM+231+M7K3+4",
    ]  # fmt: skip
    assert "RFF+ON:PO-77" in told
    first, second = told.index("LIN+1+3+4006381333931:EN"), told.index("LIN+2+7+CUP-2:SA")
    assert told[first + 1 : second] == [
        "PIA+1+TEA-1:SA+B-17:IN", "QTY+21:2:PCE", "QTY+113:1:PCE", "QTY+83:1:PCE", "DTM+67:20261116:102", "PRI+AAA:12.5",
    ]  # fmt: skip
    assert f"UNT+{len(told) - 3}+1" in told


@with_data
def test_the_retail_order_of_the_shared_data_is_read_with_its_open_address():
    (one,) = read((SHARED / "odoo-Retail_EDIFACT_ORDERS_sample1.txt").read_bytes()).incoming
    assert (one.draft.po_number, one.draft.currency, len(one.draft.lines)) == ("1AA1TEST", "EUR", 3)
    assert one.numbers[0][0] == "9783898307529"
    assert (one.draft.ship_to.country, one.draft.ship_to.city) == ("GB", "")


@with_data
def test_a_despatch_advice_is_rejected():
    sheet = read((SHARED / "phpedifact-D96ADESADV.edi").read_bytes())
    assert [refusal.code for refusal in sheet.refusals] == ["not_an_order"]


GOOD = interchange().encode()


@given(
    st.binary(max_size=300)
    | st.binary(max_size=200).map(lambda tail: GOOD[:80] + tail)
    | st.tuples(st.integers(0, len(GOOD)), st.binary(max_size=6)).map(
        lambda cut: GOOD[: cut[0]] + cut[1] + GOOD[cut[0] + 3 :]
    )
)
def test_nothing_that_is_sent_makes_reader_or_answers_stumble(body):
    sheet = read(body)
    assert sheet.incoming or sheet.refusals
    EdifactAnswers().acknowledge(body, number=1, at=NOW, asked=True)
