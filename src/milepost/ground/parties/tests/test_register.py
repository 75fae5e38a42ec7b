"""Registering customers: the same person is found again, and only the same person."""

from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from milepost.ground.journal.queries import story
from milepost.ground.parties import commands, queries
from milepost.ground.parties.models import Customer
from milepost.ground.parties.words import CarrierDraft, CustomerDraft, SupplierDraft
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused

ACT = Act.now("key:1", channel="api", now=datetime(2026, 3, 2, 9, tzinfo=UTC))
ADA = CustomerDraft(
    external_ref="C-1", name="Ada Okafor", email="ada@example.org", phone="+234 803 123 4567", language="en"
)
BRUNO = CustomerDraft(name="Bruno Keller", email="Bruno@Example.org", zone="Europe/Zurich")
CHIARA = CustomerDraft(name="Chiara Conti", phone="+39 347 123 4567")


def register(*drafts: CustomerDraft) -> list[int]:
    return commands.register(drafts, act=ACT)


@pytest.mark.django_db
@pytest.mark.clause("VER-2")
def test_a_customer_is_found_by_reference_and_else_by_e_mail_in_any_case():
    ada, bruno = register(ADA, BRUNO)
    again = register(
        CustomerDraft(external_ref="C-1", email="new@example.org"), CustomerDraft(email="BRUNO@example.ORG "), ADA
    )
    assert again == [ada, bruno, ada]
    assert queries.cards([ada])[ada].email == "ada@example.org", "what is on record stays"
    assert queries.cards([bruno])[bruno].email == "bruno@example.org"


@pytest.mark.django_db
def test_one_address_with_another_reference_is_another_customer():
    (ada,) = register(ADA)
    (other,) = register(CustomerDraft(external_ref="C-2", email=ADA.email))
    assert other != ada
    assert register(CustomerDraft(email=ADA.email)) == [ada], "without a reference the oldest is meant"


@pytest.mark.django_db
def test_a_guest_who_comes_back_with_a_reference_is_the_same_customer_from_then_on():
    (bruno,) = register(BRUNO)
    assert register(CustomerDraft(external_ref="C-7", email="bruno@example.org")) == [bruno]
    assert register(CustomerDraft(external_ref="C-7", email="elsewhere@example.org")) == [bruno]
    assert queries.cards([bruno])[bruno].external_ref == "C-7"


@pytest.mark.django_db
def test_who_gives_neither_reference_nor_e_mail_is_new_each_time():
    first, second = register(CHIARA, CHIARA)
    (third,) = register(CHIARA)
    assert len({first, second, third}) == 3


@pytest.mark.django_db
def test_a_batch_that_names_one_person_in_many_ways_makes_one_customer():
    ids = register(
        CustomerDraft(email="max@example.org"),
        CustomerDraft(external_ref="C-9", email="Max@example.org"),
        CustomerDraft(external_ref="C-9"),
        CustomerDraft(email="max@example.org"),
    )
    assert len(set(ids)) == 1
    assert list(Customer.objects.values_list("external_ref", "email")) == [("C-9", "max@example.org")]


@pytest.mark.django_db
def test_ids_come_in_the_order_asked_whatever_is_new_in_a_constant_number_of_statements(django_assert_num_queries):
    known = register(*(CustomerDraft(external_ref=f"C-{number}") for number in range(0, 200, 2)))
    drafts = [CustomerDraft(external_ref=f"C-{number}", name=f"name {number}") for number in range(199, -1, -1)]
    with transaction.atomic(), django_assert_num_queries(4):  # two, and the savepoint around them
        ids = register(*drafts)
    cards = queries.cards(ids)
    assert [cards[number].external_ref for number in ids] == [draft.external_ref for draft in drafts]
    assert set(known) <= set(ids)
    with transaction.atomic(), django_assert_num_queries(3):
        assert register(*drafts) == ids


@pytest.mark.django_db
def test_what_does_not_fit_is_refused_with_its_place():
    with pytest.raises(Refused) as refused:
        register(ADA, CustomerDraft(external_ref="x" * 101, email="y" * 255))
    assert [(r.code, r.index, r.field) for r in refused.value.refusals] == [
        ("too_long", 1, "customer.external_ref"),
        ("too_long", 1, "customer.email"),
    ]
    assert Customer.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_processes_that_register_the_same_people_at_once_agree_on_their_ids():
    drafts = [CustomerDraft(external_ref=f"C-{number}", email=f"c{number}@example.org") for number in range(50)]
    together, found = Barrier(4), {}

    def one(name: int) -> None:
        together.wait(10)
        mine = drafts if name % 2 else drafts[::-1]
        ids = commands.register(mine, act=ACT)
        found[name] = ids if name % 2 else ids[::-1]
        connection.close()

    threads = [Thread(target=one, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == 4
    assert len({tuple(ids) for ids in found.values()}) == 1
    assert Customer.objects.count() == 50


@pytest.mark.django_db
@pytest.mark.clause("RECD-2")
def test_a_correction_is_told_by_field_and_never_by_value():
    (ada,) = register(ADA)
    commands.correct(ada, {"email": "Ada.Okafor@example.org", "name": ADA.name}, act=ACT)
    assert queries.cards([ada])[ada].email == "ada.okafor@example.org"
    (told,) = story(ada, stream="customer")
    assert (told.kind, told.data["fields"]) == ("CustomerCorrected", ["email"])
    assert "okafor" not in str(told.data).lower()


@pytest.mark.django_db
def test_a_correction_to_what_somebody_else_has_is_refused():
    ada, _ = register(ADA, CustomerDraft(external_ref="C-2"))
    with pytest.raises(Refused) as refused:
        commands.correct(ada, {"external_ref": "C-2"}, act=ACT)
    assert refused.value.refusals[0].code == "taken"
    with pytest.raises(Refused, match="no such customer"):
        commands.correct(12345, {"name": "Nobody"}, act=ACT)


@pytest.mark.django_db
def test_a_customer_is_blocked_with_a_reason_and_not_without():
    (ada,) = register(ADA)
    with pytest.raises(Refused, match="reason"):
        commands.block(ada, act=ACT)
    commands.block(ada, act=ACT.because("does not pay"))
    assert (queries.cards([ada])[ada].blocked, queries.cards([ada])[ada].blocked_because) == (True, "does not pay")
    commands.unblock(ada, act=ACT)
    assert not queries.cards([ada])[ada].blocked


@pytest.mark.django_db
def test_customers_are_searched_by_what_they_say_on_the_phone():
    ada, bruno, chiara = register(ADA, BRUNO, CHIARA)
    assert [card.id for card in queries.search("C-1")] == [ada]
    assert [card.id for card in queries.search(" BRUNO@example.org")] == [bruno]
    assert [card.id for card in queries.search("+39 347 123 4567")] == [chiara]
    assert queries.search("") == []


@pytest.mark.django_db
def test_carriers_and_suppliers_are_renewed_by_their_codes():
    dhl = CarrierDraft(code="dhl", name="DHL", tracking_url="https://dhl.example/{number}")
    first, own = commands.list_carriers([dhl, CarrierDraft(code="own", name="Our drivers", in_house=True)])
    assert commands.list_carriers([CarrierDraft(code="dhl", name="DHL Paket")]) == [first]
    assert queries.carriers()["dhl"].name == "DHL Paket"
    assert queries.carriers()["own"].id == own
    (acme,) = commands.list_suppliers([SupplierDraft(code="acme", name="Acme", email="orders@acme.example")])
    assert queries.suppliers()["acme"].id == acme
