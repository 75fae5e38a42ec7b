"""Purchase orders in X12 as partners' systems really send them; nothing is guessed, and every rejection says where."""

import os
import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.plugs.inboxes.x12 import X12Answers, X12Orders
from milepost.way.intake.words import LineResponse, OrderResponse, OrderSheet, Response

SHARED = Path(os.environ.get("MILEPOST_SHARED_DATA") or Path(__file__).parents[7] / "shared" / "data") / "edi" / "x12"
with_data = pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not there")
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
HEAD = (
    "ISA*00*          *00*          *ZZ*OKAFOR         *ZZ*MILEPOST       *261116*0900*{rep}*{version}*000000101*0*P*>~"
)
BODY = (
    "BEG*00*SA*PO-77**20261116~CUR*BY*USD~REF*DP*12~PER*BD*Mona*TE*5551234*EM*Mona@Okafor.example~DTM*002*20261201~"
    "N9*L1*X~MSG*Ring twice~N1*BY*Okafor Tea*91*C-1~N1*ST*Warehouse 2*92*W2~N2*Dock 4~N3*12 Main St*Suite 5~"
    "N4*Austin*TX*78701~PO1*1*2*EA*12.5*PE*VP*TEA-1*UP*036000291452~PID*F****Green tea~PO1*2*3.5*CA*1.25**SK*998~CTT*2*5.5~"
    "AMT*TT*29.38~"
)


def interchange(body: str = BODY, *, rep: str = "U", version: str = "00401", sets: int = 1) -> str:
    parts = [HEAD.format(rep=rep, version=version), "GS*PO*OKAFOR*MILEPOST*20261116*0900*7*X*004010~"]
    parts += [f"ST*850*{n:04}~{body}SE*{body.count('~') + 2}*{n:04}~" for n in range(1, sets + 1)]
    return "".join([*parts, f"GE*{sets}*7~", "IEA*1*000000101~"])


def read(text: str | bytes) -> OrderSheet:
    return X12Orders(currency="EUR").read(text.encode() if isinstance(text, str) else text)


def acknowledged(text: str | bytes) -> list[str]:
    body = text.encode() if isinstance(text, str) else text
    answer = X12Answers().acknowledge(body, number=12, at=NOW)
    return re.split("[~\n]+", answer.body.decode()) if answer else []


def codes(sheet: OrderSheet) -> list[tuple[str, str]]:
    return [(refusal.code, refusal.field) for refusal in sheet.refusals]


PLAIN = BODY.replace("SK*998", "VN*CUP-2")


@pytest.mark.clause("REC-3")
def test_every_element_finds_its_place():
    (one,) = read(interchange(PLAIN)).incoming
    draft = one.draft
    assert (draft.po_number, draft.currency, draft.external_ref) == ("PO-77", "USD", "")
    assert (draft.customer.external_ref, draft.customer.name) == ("C-1", "Okafor Tea")
    assert (draft.customer.email, draft.customer.phone) == ("mona@okafor.example", "5551234")
    assert draft.ship_to.lines() == ["Warehouse 2", "Dock 4", "12 Main St", "Suite 5", "78701 Austin", "TX", "US"]
    assert draft.instructions == "Deliver on 2026-12-01\nRing twice"
    assert [(line.code, line.quantity, line.unit, line.price) for line in draft.lines] == [
        ("TEA-1", Decimal(2), "piece", Decimal("12.5")),
        ("CUP-2", Decimal("3.5"), "case", Decimal("1.25")),
    ]
    assert one.numbers == (("TEA-1", "036000291452", "0036000291452", "00036000291452"), ("CUP-2",))
    assert one.origins["unread"] == ["REF*DP*12", "PID*F****Green tea"]
    assert one.raw == interchange(PLAIN).encode()


@pytest.mark.parametrize(
    "spelt",
    [
        lambda text: text.replace("~", "~\r\n"),
        lambda text: text.replace("~", "\n"),
        lambda text: text.replace("~", "\r\n"),
        lambda text: text.replace("*", "|").replace("~", "\x15"),
        lambda text: "\ufeff\r\n" + text,
        lambda text: "\n".join(text[place : place + 80] for place in range(0, len(text), 80)),
    ],
    ids=["new lines between", "new lines as ends", "CRLF as ends", "other marks", "byte-order mark", "wrapped at 80"],
)
def test_the_same_order_is_read_by_whatever_marks_it_is_cut(spelt):
    assert read(spelt(interchange(PLAIN))).incoming[0].draft == read(interchange(PLAIN)).incoming[0].draft


def test_names_with_accents_are_read_in_utf_8_and_in_latin_1():
    text = interchange(PLAIN).replace("Warehouse 2", "Müller & Søn")
    for encoding in ("utf-8", "latin-1"):
        assert read(text.encode(encoding)).incoming[0].draft.ship_to.name == "Müller & Søn"


def test_several_orders_and_interchanges_in_one_file_are_orders_of_their_own_with_their_own_part():
    sheet = read(interchange(PLAIN, sets=2) + interchange(PLAIN))
    assert (sheet.orders, len(sheet.incoming)) == (3, 3)
    assert sheet.incoming[1].raw.decode().count("ST*850") == 1
    assert read(sheet.incoming[1].raw + b"GE*1*7~IEA*1*000000101~").incoming[0].draft == sheet.incoming[1].draft


@pytest.mark.parametrize(
    ("was", "now", "refusal"),
    [
        ("**VN*CUP-2", "", ("item_missing", "code")),
        ("BEG*00", "BEG*01", ("not_a_new_order", "BEG01")),
        ("BEG*00", "BEG*07", ("not_a_new_order", "BEG01")),
        ("*SA*", "*BK*", ("not_a_new_order", "BEG01")),
        ("12.5*PE", "12.5*PP", ("price_basis_unknown", "price")),
        ("PID*F****Green tea", "SDQ*EA*92*W2*1*W3*1", ("several_destinations", "ship_to")),
        ("PID*F****Green tea", "N1*ST*Shop*92*W3", ("several_destinations", "ship_to")),
        ("PID*F****Green tea", "SAC*A*C310***500", ("charge_unclear", "SAC")),
        ("29.38", "29.48", ("totals_disagree", "total")),
        ("2*EA", "0.0005*EA", ("too_fine", "quantity")),
    ],
)
def test_what_cannot_be_taken_as_it_stands_is_refused_with_its_place_though_its_syntax_is_sound(was, now, refusal):
    text = interchange(PLAIN.replace(was, now).replace("CTT*2*5.5", "CTT*2"))
    sheet = read(text)
    assert codes(sheet)[0] == refusal
    assert sheet.incoming == ()
    assert sheet.refusals[0].index
    assert "AK5*A" in acknowledged(text)


@pytest.mark.clause("VER-3")
@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("PO1*1*2*EA", "PO1*1*x*EA", ["AK3*PO1*14*1*8", "AK4*2*330*6*x"]),
        ("CTT*2*5.5", "CTT*3*5.5", ["AK3*CTT*17**8", "AK4*1*354*7*3"]),
        ("CTT*2*5.5", "CTT*2*6.5", ["AK3*CTT*17**8", "AK4*2*347*7*6.5"]),
        ("**20261116~CUR", "**20261345~CUR", ["AK3*BEG*2**8", "AK4*5*373*8*20261345"]),
        ("*PO-77*", "**", ["AK3*BEG*2**8", "AK4*3*324*1"]),
        ("N1*ST*Warehouse 2*92*W2", "N1*ST", ["AK3*N1*10**8", "AK4*2*93*2"]),
        ("VP*TEA-1", "VP*", ["AK3*PO1*14*1*8", "AK4*7*234*2"]),
        ("SE*19*", "SE*18*", ["AK5*R*4"]),
        ("SE*19*0001", "SE*19*0002", ["AK5*R*3"]),
        ("ST*850", "ST*855", ["AK5*R*1"]),
    ],
)
def test_bad_syntax_is_rejected_in_the_997_with_its_codes(was, now, told):
    text = interchange(PLAIN)
    assert was in text
    text = text.replace(was, now, 1)
    said = acknowledged(text)
    assert all(one in said for one in told), said
    assert any(one.startswith("AK5*R") for one in said)
    assert "AK9*R*1*1*0" in said
    assert read(text).incoming == ()


def test_a_hash_total_may_be_of_the_digits_without_points_as_the_standard_has_it():
    assert "AK5*A" in acknowledged(interchange(PLAIN).replace("CTT*2*5.5", "CTT*2*37"))


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("GE*1*7", "GE*2*7", "AK9*R*2*1*0*5"),
        ("GE*1*7", "GE*1*8", "AK9*R*1*1*0*4"),
        ("GS*PO*", "GS*IN*", "AK9*R*1*1*0*1"),
        ("IEA*1*", "IEA*2*", "TA1*000000101*261116*0900*R*021"),
        ("~IEA*1*000000101", "", "TA1*000000101*261116*0900*R*023"),
    ],
)
def test_an_interchange_or_group_that_is_not_whole_is_rejected(was, now, told):
    text = interchange(PLAIN).replace(was, now)
    assert told in acknowledged(text)
    assert read(text).incoming == ()


def test_an_interchange_whose_number_differs_only_at_its_end_is_taken_and_its_sender_told():
    text = interchange(PLAIN).replace("IEA*1*000000101", "IEA*1*000000102")
    assert "TA1*000000101*261116*0900*E*001" in acknowledged(text)
    assert len(read(text).incoming) == 1


def test_freight_tax_and_credits_of_the_order_are_part_of_its_total():
    charged = PLAIN.replace(
        "AMT*TT*29.38", "SAC*C*D240***490~SAC*A*C310***100********Discount~TXI*ST*2.10~AMT*TT*35.38"
    )
    (one,) = read(interchange(charged)).incoming
    assert (one.draft.freight, one.draft.charges, one.draft.tax) == (Decimal("4.90"), Decimal(-1), Decimal("2.10"))
    assert one.draft.total == Decimal("35.38")


def test_numbers_of_the_buyer_s_own_are_kept_apart_from_those_that_are_looked_up():
    (one,) = read(interchange(BODY)).incoming
    assert (one.numbers[1], one.their_numbers) == ((), ((), ("998",)))
    assert one.draft.lines[1].code == "998"


def test_prices_for_hundreds_are_prices_for_one():
    body = PLAIN.replace("12.5*PE", "1250*HP")
    assert read(interchange(body)).incoming[0].draft.lines[0].price == Decimal("12.5")


def test_the_country_is_read_from_state_and_code_together_and_from_neither_alone():
    def country(n4: str) -> str:
        return read(interchange(PLAIN.replace("N4*Austin*TX*78701", n4))).incoming[0].draft.ship_to.country

    assert country("N4*Toronto*ON*M5V 2T6") == "CA"
    assert country("N4*Berlin**10435*DE") == "DE"
    assert country("N4*Austin**78701") == ""
    assert country("N4*Austin*TX") == ""


def test_who_names_no_buyer_is_the_one_who_sent_the_interchange():
    body = PLAIN.replace("N1*BY*Okafor Tea*91*C-1~", "")
    one = read(interchange(body)).incoming[0]
    assert one.draft.customer.external_ref == "OKAFOR"
    assert one.origins["customer.external_ref"]["from"] == "ISA06"


def test_an_855_tells_each_line_what_becomes_of_it():
    (one,) = read(interchange(PLAIN)).incoming
    lines = (
        LineResponse(position=1, code="TEA-1", quantity=Decimal(2), unit_price=Decimal("12.5"), short=Decimal(1),
                     short_until=NOW.date()),
        LineResponse(position=2, code="CUP-2", quantity=Decimal(3), unit_price=Decimal("1.25")),
    )  # fmt: skip
    response = OrderResponse(
        order_id=1,
        reference="M7K3-Q9XD-2C",
        response=Response.CHANGED,
        currency="USD",
        lines=lines,
        deliver_on=NOW.date(),
    )
    told = X12Answers().respond(one.raw, response, number=13, at=NOW).body.decode().replace("\n", "").split("~")
    assert told[0].split("*")[5:9] == ["ZZ", "MILEPOST       ", "ZZ", "OKAFOR         "]
    assert told[1] == "GS*PR*MILEPOST*OKAFOR*20261116*0900*1300*X*004010"
    assert told[3] == "BAK*00*AC*PO-77*20261116****M7K3-Q9XD-2C*20261116"
    assert [line for line in told if line.startswith("ACK")] == [
        "ACK*IA*1*EA*067*20261116", "ACK*IB*1*EA*067*20261116", "ACK*IQ*3*CA*067*20261116",
    ]  # fmt: skip
    assert told[-4] == f"SE*{len(told) - 5}*0001"


@with_data
def test_the_purchase_order_of_the_shared_data_is_read_and_its_trial_is_noticed():
    sheet = read((SHARED / "edinet-x12.850.edi").read_bytes())
    (one,) = sheet.incoming
    assert (one.draft.po_number, one.draft.lines[0].code, one.draft.ship_to.country) == ("1000012", "0054321", "US")
    assert sheet.exchange.test


@with_data
@pytest.mark.parametrize("name", ["edinet-x12.214.edi", "gozer-asn856.txt"])
def test_what_is_no_purchase_order_is_rejected_as_not_supported(name):
    body = (SHARED / name).read_bytes()
    assert "not_an_order" in {refusal.code for refusal in read(body).refusals}
    assert any(one.startswith("AK5*R*1") for one in acknowledged(body))


GOOD = interchange(PLAIN).encode()


@given(
    st.binary(max_size=300)
    | st.binary(max_size=200).map(lambda tail: GOOD[:110] + tail)
    | st.tuples(st.integers(0, len(GOOD)), st.binary(max_size=6)).map(
        lambda cut: GOOD[: cut[0]] + cut[1] + GOOD[cut[0] + 3 :]
    )
)
def test_nothing_that_is_sent_makes_reader_or_answers_stumble(body):
    sheet = read(body)
    assert sheet.incoming or sheet.refusals
    X12Answers().acknowledge(body, number=1, at=NOW)
