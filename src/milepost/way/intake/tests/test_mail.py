"""Orders by e-mail from the store: placed where all is certain, opened for a person where it is not."""

from datetime import timedelta
from decimal import Decimal
from email.message import EmailMessage

import pytest

from milepost.ground.arrivals import commands as arrivals
from milepost.ground.arrivals import queries as arrived
from milepost.ground.duties import queries as duties
from milepost.ground.duties.models import Duty
from milepost.ground.journal import queries as journal
from milepost.ground.notices.models import Notice
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused
from milepost.overview.records import queries as records
from milepost.way.intake import commands, opened
from milepost.way.intake.models import OrderRequest
from milepost.way.intake.reading import Sure
from milepost.way.intake.words import LineDraft
from milepost.way.orders import queries as orders
from tests import cast

pytestmark = pytest.mark.django_db

LATER = cast.MONDAY + timedelta(hours=2)
WORKER = Act.now("system:arrivals", channel="worker", now=LATER)
MONA = Act.now("staff:1", channel="desk", now=LATER + timedelta(hours=1))
NEW_ADDRESS = "\n\nDelivery address:\nAda Okafor\nLindenstraße 9\n10969 Berlin\nGermany\n\nRegards\nAda"


def mail(
    text: str, *, subject: str = "Order", sender: str = "Ada Okafor <ada@okafor.example>", **headers: str
) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "orders@milepost.example", subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


def arrives(raw: bytes, *, delivery_id: str = "", at=cast.MONDAY):
    act = Act.now("system:mail", channel="email", now=at)
    kept = arrivals.keep(
        "email", sender="ada@okafor.example", delivery_id=delivery_id, content_type="message/rfc822", headers={}, body=raw,
        topic="Order", act=act,
    )  # fmt: skip
    arrivals.process_due(act=WORKER)
    found = arrived.arrival(kept.id)
    assert found is not None
    return found


def open_kinds(order_id: int) -> set[str]:
    return {one.kind for one in duties.duties_of(order_id) if one.closed_at is None}


@pytest.mark.clause("REC-1", "REC-3", "VER-1")
def test_a_message_in_which_everything_is_certain_becomes_an_order() -> None:
    cast.stocked()
    arrival = arrives(mail("Hello,\n\nplease send 2 x KETTLE-1 and 3 x MUG-BLUE." + NEW_ADDRESS))
    assert arrival.state == "processed"
    card = orders.card(arrival.order_id)
    assert [(line.code, line.quantity) for line in card.lines] == [("KETTLE-1", 2), ("MUG-BLUE", 3)]
    assert (card.channel, card.email, card.ship_to.city, card.received_at) == (
        "email",
        "ada@okafor.example",
        "Berlin",
        cast.MONDAY,
    )
    origins = OrderRequest.objects.get(order_id=card.id).origins
    assert origins["lines.0.code"]["from"] == "body"
    start, end = origins["lines.0.code"]["span"]
    assert origins["text"][start:end] == "KETTLE-1"


@pytest.mark.clause("VER-1")
def test_a_known_customer_need_not_repeat_an_address_and_one_with_two_is_asked() -> None:
    cast.stocked()
    cast.ordered(cast.draft())
    arrival = arrives(mail("Please send 2 x KETTLE-1.\n\nRegards\nAda"))
    assert orders.card(arrival.order_id).ship_to.street == "Lindenstraße 9"
    assert OrderRequest.objects.get(order_id=arrival.order_id).origins["ship_to.street"]["from"] == "record"
    cast.ordered(
        cast.draft(
            ship_to=cast.Address(name="Ada", street="Parkweg 2", postal_code="10999", city="Berlin", country="DE")
        )
    )
    assert arrives(mail("Please send 3 x KETTLE-1.\n\nRegards\nAda")).state == "open"


@pytest.mark.clause("REC-1", "REC-2", "VER-3", "ACK-1")
def test_what_is_not_certain_waits_for_a_person_with_its_reference_and_its_clock() -> None:
    cast.stocked()
    arrival = arrives(mail("Please send 2 x KETTLE-1 and about 5 of the blue mugs." + NEW_ADDRESS))
    assert (arrival.state, arrival.code) == ("open", "to_complete")
    (request,) = opened.open_requests()
    assert (request.order_id, request.reference) == (arrival.order_id, arrival.about)
    assert request.draft.lines[0].code == "KETTLE-1"
    assert request.origins["lines.0.code"].sure == Sure.CERTAIN
    assert [one.kind for one in journal.story(request.order_id)] == ["OrderReceived", "RequestOpened"]
    assert open_kinds(request.order_id) == {"acknowledge", "complete_request"}
    assert Notice.objects.get(order_id=request.order_id).template == "receipt_note"
    assert orders.card(request.order_id) is None
    assert records.audit(LATER) == []


@pytest.mark.clause("VER-3")
def test_a_person_completes_it_and_it_is_placed_under_the_same_reference_as_of_its_receipt() -> None:
    cast.stocked()
    arrival = arrives(mail("Please send some kettles, KETTLE-1." + NEW_ADDRESS))
    (request,) = opened.open_requests()
    draft = cast.replace(request.draft, lines=(LineDraft(code=cast.KETTLE, quantity=Decimal(4)),))
    receipt = commands.complete(request.id, draft, act=MONA)
    card = orders.card(receipt.order_id)
    assert (card.reference, card.received_at, card.channel) == (request.reference, cast.MONDAY, "email")
    assert [line.quantity for line in card.lines] == [4]
    assert "complete_request" not in open_kinds(card.id)
    assert arrived.arrival(arrival.id).state == "processed"
    assert opened.open_requests() == []
    assert records.audit(LATER + timedelta(hours=1)) == []
    with pytest.raises(Refused, match="not open"):
        commands.complete(request.id, draft, act=MONA)


def test_what_a_person_enters_wrongly_is_refused_and_the_request_stays_open() -> None:
    cast.stocked()
    arrives(mail("Please send some kettles, KETTLE-1." + NEW_ADDRESS))
    (request,) = opened.open_requests()
    with pytest.raises(Refused, match="NO-SUCH"):
        commands.complete(
            request.id, cast.replace(request.draft, lines=(LineDraft(code="NO-SUCH", quantity=Decimal(1)),)), act=MONA
        )
    with pytest.raises(Refused, match="at least one line"):
        commands.complete(request.id, cast.replace(request.draft, lines=()), act=MONA)
    assert [one.id for one in opened.open_requests()] == [request.id]


def test_what_is_no_order_is_discarded_and_nobody_owes_anything() -> None:
    cast.stocked()
    arrival = arrives(mail("Please send some kettles, KETTLE-1." + NEW_ADDRESS))
    (request,) = opened.open_requests()
    commands.discard([request.id], reason_code="not_an_order", act=MONA.because("A question"))
    assert opened.open_requests() == []
    assert open_kinds(request.order_id) == set()
    assert arrived.arrival(arrival.id).state == "ignored"
    assert journal.story(request.order_id)[-1].kind == "RequestDiscarded"
    assert records.audit(LATER + timedelta(hours=1)) == []


@pytest.mark.clause("REC-1")
@pytest.mark.parametrize("headers", [{"Auto-Submitted": "auto-replied"}, {"List-Id": "<a.b>"}, {"Return-Path": "<>"}])
def test_machines_get_no_order_and_no_answer(headers) -> None:
    cast.stocked()
    cast.ordered(cast.draft())
    before = Notice.objects.count(), Duty.objects.count()
    arrival = arrives(mail("Please send 2 x KETTLE-1.", **headers))
    assert (arrival.state, arrival.order_id) == ("ignored", None)
    assert (Notice.objects.count(), Duty.objects.count()) == before


def test_a_question_is_somebody_s_to_answer_and_no_order() -> None:
    cast.stocked()
    arrival = arrives(mail("When will my order arrive?", subject="Question"))
    assert (arrival.state, arrival.about, arrival.order_id) == ("processed", "inquiry", None)
    duty = Duty.objects.get(kind="answer_inquiry")
    assert (duty.role, duty.subject_kind) == ("customer_service", "conversation")


def test_a_customer_whose_message_cannot_be_read_is_told_once_and_a_stranger_never() -> None:
    cast.stocked()
    cast.ordered(cast.draft())
    told = Notice.objects.filter(template="unreadable_mail")
    arrival = arrives(mail(""))
    assert (arrival.state, arrival.code) == ("refused", "unreadable_mail")
    assert told.count() == 1
    arrivals.retry(act=WORKER, ids=[arrival.id])
    assert told.count() == 1
    arrives(mail("", sender="Nobody <nobody@nowhere.example>"))
    assert told.count() == 1
    assert Duty.objects.filter(kind="repair_arrival", closed_at=None).count() == 2


def test_tried_again_an_open_request_stays_the_same_one_and_is_placed_when_all_is_known_by_then() -> None:
    cast.stocked()
    arrival = arrives(mail("Please send 2 x NEW-77." + NEW_ADDRESS))
    (request,) = opened.open_requests()
    arrivals.retry(act=WORKER, ids=[arrival.id])
    assert [one.id for one in opened.open_requests()] == [request.id]
    cast.catalog.list_items(
        [cast.ItemDraft(code="NEW-77", name="New", unit="piece", price=Decimal(5), currency="EUR")], act=cast.SHOP
    )
    arrivals.retry(act=WORKER, ids=[arrival.id])
    assert arrived.arrival(arrival.id).state == "processed"
    assert orders.card(request.order_id).reference == request.reference


def test_many_messages_take_as_many_statements_as_one(django_assert_max_num_queries) -> None:
    cast.stocked(10000)
    cast.ordered(cast.draft())

    def come(count: int, words: str) -> None:
        for number in range(count):
            arrivals.keep(
                "email", sender="", content_type="message/rfc822", headers={}, act=WORKER,
                body=mail(words, subject=f"PO {words[-3:]}{number}-{count}x"),
            )  # fmt: skip

    come(1, "Please send 2 x KETTLE-1.\n\nAda")
    with django_assert_max_num_queries(80) as one:
        arrivals.process_due(act=WORKER)
    come(20, "Please send 3 x KETTLE-1.\n\nAda")
    with django_assert_max_num_queries(90) as many:
        arrivals.process_due(act=WORKER)
    assert len(many) <= len(one) + 14  # twenty alike are held as duplicates, too
    assert OrderRequest.objects.filter(channel="email", state="placed").count() == 21


CSV = """order;item;quantity;customer_name;customer_email;street;postal_code;city;country
A-7;KETTLE-1;2;Ada Okafor;ada@okafor.example;Lindenstraße 9;10969;Berlin;DE
"""


def with_file(
    text: str, *, name: str = "order.csv", body: str = CSV, sender: str = "Ada <ada@okafor.example>"
) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "orders@milepost.example", "Order"
    message.set_content(text)
    message.add_attachment(body.encode(), maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


@pytest.mark.clause("REC-1")
def test_a_file_that_a_customer_attached_is_read_as_a_document() -> None:
    cast.stocked()
    cast.ordered(cast.draft())
    arrival = arrives(with_file("Hello,\n\nplease find attached our order.\n\nRegards\nAda"))
    assert (arrival.state, arrival.code) == ("processed", "documents")
    arrivals.process_due(act=WORKER)
    placed = OrderRequest.objects.get(external_ref="A-7")
    assert (placed.channel, orders.card(placed.order_id).lines[0].quantity) == ("email", 2)


@pytest.mark.parametrize(
    "raw",
    [
        with_file("Please find attached our order, and 2 x MUG-BLUE."),
        with_file("Please find attached our order. Leave out the kettles."),
        with_file("Please find attached our order.", name="order.pdf", body="%PDF-1.4"),
        with_file("Please find attached our order.", sender="Nobody <nobody@nowhere.example>"),
    ],
)
def test_a_file_beside_anything_else_or_from_a_stranger_waits_for_a_person(raw: bytes) -> None:
    cast.stocked()
    cast.ordered(cast.draft())
    assert arrives(raw).state == "open"
    assert [one.files for one in opened.open_requests()] in ([("order.csv",)], [("order.pdf",)])
    assert not OrderRequest.objects.filter(external_ref="A-7").exists()


def test_the_audit_finds_an_open_request_that_is_nobody_s() -> None:
    cast.stocked()
    arrives(mail("Please send some kettles, KETTLE-1." + NEW_ADDRESS))
    Duty.objects.filter(kind="complete_request").update(closed_at=LATER, next_check_at=None, outcome="lost")
    assert "open requests have a duty" in {breach.rule for breach in records.audit(LATER)}
