"""What must never be accepted: each line is a message of Ada's, `|` a new line. And near misses beside them that may be."""

from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milepost.plugs.inboxes.mail import MailReader
from milepost.plugs.inboxes.mail.vocabulary import vocabulary
from milepost.way.intake.reading import MailKind, MailReading
from tests.corpus.reading import accepted, read_fields, shop

READER, SHOP = MailReader(), shop()


def read(words: str, *, subject: str = "Order", **headers: str) -> MailReading:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = (
        "Ada Okafor <ada@okafor.example>",
        "orders@halden.example",
        subject,
    )
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("\n".join(line.strip() for line in words.split("|")) + "\n")
    return READER.read(message.as_bytes(), SHOP)


def read_page(html: str) -> MailReading:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "ada@okafor.example", "orders@halden.example", "Order"
    message.set_content(html, subtype="html")
    return READER.read(message.as_bytes(), SHOP)


TRAPS = """
please hold 5 x AB-12 for us
Thanks for the 5 x AB-12
we need no 5 x AB-12
Please ignore the order below: | 5 x AB-12
Test order: 5 x AB-12
5 x AB-12 weekly
5 x AB-12 - cancelled
AB-12: 5 -> 8
AB-12: 5 (was 3)
5+2 AB-12
2 x 5 AB-12
5 x AB-12 x 2
AB-12 and AB-13, 5 each
5 x AB-12/AB-13
5 x AB-12 in blue
5 x AB-12 asap
5 x AB-12 at 2.00 EUR
5 x AB-12 2.40
AB-12 5
AB-12 -5
-5 x AB-12
AB-12: 05
AB-12: 5,000
AB-12: 1'000
AB-12: 1 000
5k AB-12
five hundred AB-12
two dozen AB-12
1/2 AB-12
~5 x AB-12
>5 x AB-12
5+ AB-12
max 5 AB-12
5 boxes AB-12
5 kg AB-12
size 10 W2400
5 gloves W2400
100245 5
5601 x 100245
order 100245
Item: AB-12 | Qty: 5 | Qty: 6
Item: AB-12 | Qty: 5 | Notes: only if blue
Item: AB-12 | Quantity: 5 pcs | Unit: box
Item: AB-12 | Description: Mug, blue | Quantity: 5
Item: AB-12 | Quantity: 5 | Price: 2.00
Item: AB-12 x 3 | Qty: 5
Item;Qty | AB-12;5 | AB-13;
Item;Old Qty;Qty | AB-12;5;6
5 x AB-12 | Best regards | Ada | PS 3 x AB-13
5 x AB-12 | Best regards | Ada | no rush
5 x AB-12 | Best regards | Ada | Cancel
5 x AB-12 | Best regards | Ada | New address: 5 Elm Street, 10115 Berlin
5 x AB-12 | Thanks | but wait for my call
5 x AB-12 | -- | Ada | 6 red mugs
5 x AB-12 | Sent from my iPhone | please double it
5 x AB-12 | Express
can you deliver 5 x AB-12
we might order 5 x AB-12
please confirm receipt of 5 x AB-12
Please send the 5 x AB-12
1) AB-12 | 2) AB-13
5. AB-12
item 5: AB-12
5 x AB-12 B
5 x AB-12A
5 x AB-12+
Order 12/11/2026 | 5 x AB-12
4417 HX-4417-B
50 TAPE-50
5000000 x AB-12
5 x AB-12 | 3 x AB-12
Wir haben 5 AB-12 bestellt
Wir bestellen 5 AB-12 ab
5 Stück AB-12 | 2 davon sofort
nous ne commandons pas 5 AB-12
Merci de livrer les 5 AB-12
queremos 5 u 8 AB-12
ordino 5 o 6 AB-12
wij bestellen 5 of 6 AB-12
não encomendamos 5 AB-12
nie zamawiamy 5 AB-12
vi beställer inte 5 AB-12
PO 4711 | 5 x AB-12 | PO 4712
Repeat order | 5 x AB-12
Delivery date: 1/12/2026 | 5 x AB-12
Delivery date: 2020-12-01 | 5 x AB-12
Ship to: | Ada | Elm Street 5 | 1011 Berlin | Germany | | 5 x AB-12
Ship to: | Ada | Elm Street 5 | 10115 Berlin | Germany | | Bill to: | Bob | X 5 | 10115 Berlin | Germany | | 5 x AB-12
+5 AB-12
= 5 AB-12
5 x AB-12 / 5 x AB-13
5 x AB-12 - 5 x AB-13
5 x AB-12 = 5 x AB-13
5 x AB-12 (5 x AB-13)
5 x AB-12 | Ada Okafor | 2 x AB-13
5 x AB-12 | Ada Okafor | + 2 AB-13
two dozen 100245
Item: 100245 | Qty: 5 dozen
Item;Qty | 100245;5 dozen
Item: AB-12 | Qty: ~5
Item: AB-12 | Qty: <5
once AB-12
Graag onze AB-12 leveren
We send 5 x AB-12
We can supply you with 5 x AB-12
Wir senden 5 AB-12
Wir möchten 5 AB-12 liefern
wij leveren 5 AB-12
please order 5602 | 5 x AB-12
we order 4711 | 5 x AB-12
Our ref: AB-13 | 5 x AB-12
5 x AB-12 | total 500.00 EUR
5 x AB-12 | Total: 13.00
5 x AB-12 | 2.00 EUR
Ship to: | Ada | only after 5 pm | Elm Street 5 | 10115 Berlin | Germany | | 5 x AB-12
Ship to: | Ada | Elm Street 5 | 10115 Berlin not before May | Germany | | 5 x AB-12
Ship to: | Ada | 5 x AB-13 | Elm Street 5 | 10115 Berlin | Germany | | 5 x AB-12
Ship to: | Not my home | Elm Street 5 | 10115 Berlin | Germany | | 5 x AB-12
5 x AB-12 | Best regards | Ada | QTY 50
5 x AB-12 | Best regards | Ada | + 5
5 x AB-12 | Best regards | Ada | | Ship To | Bob | Elm Street 5 | 10115 Berlin | Germany
5 x AB-12 | Best regards | Ada | PO 4711
5 x AB-12 | Sent from my iPhone, make it six
""".strip().splitlines()

PAGES = """
<p>5<sup>1</sup> x AB-12</p>
<p>5<span> </span>0 x AB-12</p>
<p><ruby>5<rt>6</rt></ruby> x AB-12</p>
<p>AB-12: <select><option>5</option><option>6</option></select></p>
<p>5 x AB-12</p><textarea>6 x AB-13</textarea>
<p>5 x AB-12</p><details>6 x AB-13</details>
<p>5 x AB-12</p><p style="color:#fefefe">6 x AB-13</p>
<p>5 x AB-12</p><font color="white">6 x AB-13</font>
<p>5 x AB-12</p><p style="position:absolute; left:-9999px">6 x AB-13</p>
<p>5 x AB-12</p><s>6 x AB-13</s>
""".strip().splitlines()

FINE = {
    "5 x AB-12": "5", "Please send 5 AB-12.": "5", "AB-12: 5": "5", "AB-12 – 5 pcs": "5", "5xAB-12 please": "5", "five AB-12": "5",
    "Item: AB-12 | Qty: 5": "5", "Qty  Item | 5  AB-12": "5", "5 Stk. AB-12 à 2,40 €": "5", "nous commandons 5 AB-12": "5",
    "Hi Mona, 5 x AB-12 | Best regards | Ada": "5", "PO 4711 | 5 x AB-12 | Delivery date: 2026-12-01": "5",
    "5 x AB-12 | Mit freundlichen Grüßen | Ada Okafor | Tel. +49 30 901820": "5",
    "Please supply 5 x AB-12": "5", "I would like you to send 5 x AB-12": "5", "Bitte liefern Sie 5 AB-12": "5",
    "Our order 4711. | 5 x AB-12 | Total: 12.00 EUR": "5", "AB-12 - 5 pcs": "5", "5 x AB-12 + 6 x AB-13": "5",
    "Ship to: Bob, Elm Street 5, 10115 Berlin, Germany | 5 x AB-12": "5",
    "Ship to: | Bob | Elm Street 5 | 10115 Berlin | Germany | Delivery date 1 December 2026 | 5 x AB-12": "5",
    "I hope you are well. Thanks! | 5 x AB-12": "5", "Item;Qty | AB-12;(5)": "5",
    "Grüß Gott | 5 AB-12 | Mit besten Grüßen": "5",
}  # fmt: skip


@pytest.mark.clause("VER-1")
@pytest.mark.parametrize("words", TRAPS)
def test_a_trap_is_left_to_a_person(words: str):
    assert not accepted(read(words))


@pytest.mark.clause("VER-1")
@pytest.mark.parametrize("page", PAGES)
def test_a_page_that_shows_other_than_it_says_is_left_to_a_person(page: str):
    assert not accepted(read_page(page))


def test_blanks_between_elements_part_words_and_words_without_them_are_one():
    assert read_fields(read_page("<p><b>5</b> <b>AB-12</b></p>"))["0.quantity"] == "5"
    assert read_fields(read_page("<p>1<b>0</b> x AB-12</p>"))["0.quantity"] == "10"


@pytest.mark.parametrize(("words", "quantity"), FINE.items())
def test_a_near_miss_is_accepted(words: str, quantity: str):
    reading = read(words)
    assert reading.doubts == ()
    assert read_fields(reading)["0.quantity"] == quantity


@pytest.mark.parametrize(
    "headers",
    [
        {"In_Reply_To": "<1@halden.example>"}, {"Cc": "boss@okafor.example", "Reply_To": "boss@okafor.example"},
        {"Authentication_Results": "mx; dmarc=fail"}, {"subject": "Re: Order"}, {"subject": "Fwd: Order"}, {"subject": "Order?"},
        {"subject": "Order for Bob"}, {"subject": "Cancel order"},
    ],
)  # fmt: skip
def test_the_header_of_a_message_counts_as_well(headers: dict[str, str]):
    assert accepted(read("5 x AB-12"))
    assert not accepted(read("5 x AB-12", **headers))


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"Auto_Submitted": "auto-replied"}, "auto_submitted"), ({"Return_Path": "<>"}, "bounce"), ({"List_Id": "<x.y>"}, "list"),
        ({"Precedence": "bulk"}, "list"),
        ({"X_Auto_Response_Suppress": "All"}, "auto_reply"), ({"X_Milepost": "receipt"}, "our_own"),
        ({"subject": "Out of office: Order"}, "auto_reply"),
    ],
)  # fmt: skip
@pytest.mark.clause("REC-1")
def test_machines_are_known_by_their_headers(headers: dict[str, str], why: str):
    reading = read("5 x AB-12", **headers)
    assert (reading.kind, reading.topic) == (MailKind.AUTO, why)
    assert read("5 x AB-12", Auto_Submitted="no").kind == MailKind.ORDER


def test_a_bare_list_without_any_word_is_no_order_by_itself():
    assert not accepted(read("AB-12: 5", subject=""))
    assert accepted(read("AB-12: 5", subject="Order"))


def test_every_risk_of_a_language_is_one_in_that_language():
    for language in vocabulary().languages.values():
        assert (language.polite | language.order | language.thanks | language.closing) & language.risk == set()


@settings(max_examples=150)
@given(st.binary(max_size=400))
def test_whatever_it_is_sent_it_never_fails(raw: bytes):
    assert READER.read(raw, SHOP).kind in set(MailKind)
    assert READER.read(b"From: ada@okafor.example\nSubject: Order\n\n" + raw, SHOP).text is not None


@settings(max_examples=150)
@given(st.text(alphabet="5 xAB-12,.:;|\n()KETTLE1=–²½٣ЖꞵOrder", max_size=80))
def test_whatever_is_written_only_what_stands_there_is_accepted(words: str):
    reading = READER.read(
        f"From: ada@okafor.example\nTo: orders@halden.example\nSubject: Order\n\n{words}".encode(), SHOP
    )
    if accepted(reading):
        for line in reading.draft.lines:
            assert line.code.lower() in words.lower()
        for name, origin in reading.origins.items():
            if name.endswith(".quantity"):
                assert origin.text in reading.text
