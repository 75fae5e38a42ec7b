"""Two people on one order: a stale save is refused with the difference and what was typed, and the page tells of the other."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from milepost.faces.desk.order.verbs import BY_NAME
from milepost.faces.desk.tests.conftest import SignedIn, now, reference_of
from milepost.ground.journal import queries as journal
from milepost.way.orders import queries as orders
from milepost.way.orders.words import OrderCard, State
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.clause("INQ-1")]


@pytest.fixture
def anna(signed_in: SignedIn) -> Client:
    return signed_in("order_management", name="Anna")


def card(reference: str) -> OrderCard:
    found = orders.card(orders.find(reference) or 0)
    assert found is not None
    return found


def opened(client: Client, reference: str, verb: str) -> dict[str, Any]:
    """The form of a verb as it stands on the page that somebody opens."""
    page = client.get(f"/desk/orders/{reference}/").text
    return fields_of(page, reference, verb)


def fields_of(page: str, reference: str, verb: str) -> dict[str, Any]:
    (form,) = re.findall(rf'<form method="post" action="/desk/orders/{reference}/{verb}/".*?</form>', page, re.DOTALL)[
        :1
    ]
    said = {
        unescape(name): unescape(value)
        for name, value in re.findall(r'<input type="(?:hidden|text|number)" name="([^"]+)"(?: value="([^"]*)")?', form)
    }
    chosen = re.findall(r'<select name="([^"]+)".*?<option value="([^"]*)" selected', form, re.DOTALL)
    long = re.findall(r'<textarea name="([^"]+)"[^>]*>\s*([^<]*)</textarea>', form)
    return said | dict(chosen) | {name: unescape(text) for name, text in long}


def say(client: Client, reference: str, verb: str, **values: object) -> Any:
    return client.post(f"/desk/orders/{reference}/{verb}/", values, follow=True)


def told(text: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


@pytest.mark.clause("VER-3")
def test_a_stale_amendment_is_refused_field_by_field_and_sent_again_it_undoes_nothing(
    reference: str, omar: Client, anna: Client
) -> None:
    first, second = opened(omar, reference, "amendment"), opened(anna, reference, "amendment")
    done = say(anna, reference, "amendment", **second | {"phone": "+49 30 55", "po_number": "PO-7", "reason": "called"})
    assert "Amended, with what stood there before on record." in done.text
    answer = say(
        omar,
        reference,
        "amendment",
        **first | {"ship_to.street": "Lindenstraße 11", "po_number": "PO-8", "reason": "moved"},
    )
    assert answer.status_code == 409
    assert (card(reference).ship_to.street, card(reference).po_number) == ("Lindenstraße 9", "PO-7")
    page = told(answer.text)
    assert "Somebody else changed this in the meantime." in page
    assert "Order amended – Anna" in page
    assert "Phone +49 30 901820 +49 30 55" in page
    assert "Meanwhile it says: PO-7" in page
    again = fields_of(answer.text, reference, "amendment")
    assert (again["ship_to.street"], again["po_number"], again["phone"], again["reason"]) == (
        "Lindenstraße 11", "PO-8", "+49 30 55", "moved",
    )  # fmt: skip
    assert say(omar, reference, "amendment", **again).status_code == 200
    now_stands = card(reference)
    assert (now_stands.ship_to.street, now_stands.po_number, now_stands.phone) == (
        "Lindenstraße 11",
        "PO-8",
        "+49 30 55",
    )


@pytest.mark.clause("VER-3")
def test_a_stale_release_keeps_what_was_typed(omar: Client, anna: Client) -> None:
    cast.stocked()
    reference = reference_of(cast.ordered(cast.draft(payment_pending=True), act=now())[0])
    seen = opened(omar, reference, "hold-release")
    say(anna, reference, "hold", reason="Look at the address")
    answer = say(omar, reference, "hold-release", **seen | {"kind": "payment", "outcome": "The bank has confirmed it"})
    assert answer.status_code == 409
    assert "Order on hold" in told(answer.text) or "hold" in told(answer.text)
    assert 'value="The bank has confirmed it"' in answer.text
    again = fields_of(answer.text, reference, "hold-release")
    assert (
        say(
            omar, reference, "hold-release", **again | {"kind": "payment", "outcome": "The bank has confirmed it"}
        ).status_code
        == 200
    )
    assert [hold.kind for hold in card(reference).holds if hold.released_at is None] == ["manual"]


def test_what_can_be_done_no_longer_is_told_with_what_was_typed(reference: str, omar: Client, anna: Client) -> None:
    seen = opened(omar, reference, "hold")
    say(anna, reference, "cancellation", reason_code="duplicate")
    answer = say(omar, reference, "hold", **seen | {"reason": "He calls back tomorrow"})
    assert answer.status_code == 409
    page = told(answer.text)
    assert "can be done no longer" in page
    assert "He calls back tomorrow" in page
    assert "Order cancelled: duplicate – Anna" in page
    assert card(reference).state == State.CANCELLED


def test_what_messages_add_to_the_story_makes_nothing_stale(reference: str, omar: Client, anna: Client) -> None:
    seen = opened(omar, reference, "hold")
    order_id = card(reference).id
    say(anna, reference, "acknowledgement")
    assert journal.head(order_id) > int(seen["seen"])
    assert say(omar, reference, "hold", **seen | {"reason": "He calls back"}).status_code == 200


@pytest.mark.parametrize("seen", ["nonsense", "-1", "99999999999999999999", "0"])
def test_a_version_that_nobody_was_given_is_stale(seen: str, reference: str, omar: Client) -> None:
    assert say(omar, reference, "hold", reason="Why not", seen=seen).status_code == 409


def test_every_form_of_an_order_carries_its_version(reference: str, signed_in: SignedIn) -> None:
    everything = signed_in("administrator", name="Ida")
    order_id = card(reference).id
    say(everything, reference, "hold", reason="ask")
    page = everything.get(f"/desk/orders/{reference}/").text
    said = "|".join(BY_NAME)
    forms = re.findall(rf'<form method="post" action="/desk/orders/{reference}/(?:{said})/.*?</form>', page, re.DOTALL)
    assert len(forms) >= 8
    wanted = f'name="seen" value="{journal.head(order_id)}"'
    assert [form[:120] for form in forms if wanted not in form] == []


def test_only_what_was_changed_is_amended_and_nothing_is_refused(reference: str, omar: Client) -> None:
    said = opened(omar, reference, "amendment")
    answer = say(omar, reference, "amendment", **said | {"reason": "just looking"})
    assert answer.status_code == 422
    assert "Nothing was changed." in answer.text
    new = {
        "add_name": "Kim",
        "add_email": "kim@okafor.example",
        "lines.2.quantity": "3",
        "add_item": cast.TEA,
        "add_quantity": "1",
    }
    assert say(omar, reference, "amendment", **said | new | {"reason": "called", "said_by": "Ada"}).status_code == 200
    found = card(reference)
    assert [(one.kind, one.name, one.email) for one in found.contacts] == [("stakeholder", "Kim", "kim@okafor.example")]
    assert [(line.code, int(line.quantity)) for line in found.lines] == [(cast.KETTLE, 1), (cast.MUG, 3), (cast.TEA, 1)]
    fields = {row.field for row in orders.amendments(found.id)}
    assert fields == {"contacts.1.added", "lines.2.quantity", "lines.3.added"}
    said = opened(omar, reference, "amendment")
    assert say(omar, reference, "amendment", **said | {"contacts.1.removed": "on", "reason": "left"}).status_code == 200
    assert card(reference).contacts == ()


def test_what_is_wrong_in_an_amendment_is_told_and_what_was_typed_is_kept(reference: str, omar: Client) -> None:
    said = opened(omar, reference, "amendment")
    answer = say(omar, reference, "amendment", **said | {"lines.1.item": "NO-SUCH", "reason": "called"})
    assert answer.status_code == 422
    assert "There is no item NO-SUCH in the catalogue." in answer.text
    assert fields_of(answer.text, reference, "amendment")["lines.1.item"] == "NO-SUCH"


def test_the_page_tells_in_one_line_what_somebody_else_did(reference: str, omar: Client, anna: Client) -> None:
    order_id = card(reference).id
    seen = journal.head(order_id)
    where = f"/desk/orders/{reference}/news/?seen={seen}"
    quiet = omar.get(where)
    assert quiet.text.strip() == ""
    assert omar.get(where, headers={"if-none-match": quiet.headers["ETag"]}).status_code == 304
    say(anna, reference, "hold", reason="Look at the address")
    answer = omar.get(where, headers={"if-none-match": quiet.headers["ETag"]})
    assert answer.status_code == 200
    assert "Anna" in told(answer.text)
    assert "Show" in told(answer.text)


def test_what_cannot_be_done_now_is_listed_with_why(reference: str, femi: Client, signed_in: SignedIn) -> None:
    page = told(femi.get(f"/desk/orders/{reference}/").text)
    assert "Not possible now" in page
    assert "Ship Nothing of the order stands packed." in page
    assert "Cancel the order This is for others to do: Order management, Customer service, Management." in page
    ida = told(signed_in("auditor", name="Ida").get(f"/desk/orders/{reference}/").text)
    assert "There is nothing here for you to do." in ida
