from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction

from milepost.ground.journal.queries import story
from milepost.ground.parties import commands, queries
from milepost.ground.parties.models import Consent
from milepost.ground.parties.words import (
    ConsentClass,
    ConsentDraft,
    Consents,
    ConsentSource,
    CustomerDraft,
    StopReason,
)
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused

ACT = Act.now("customer", channel="portal", now=datetime(2026, 3, 2, 9, tzinfo=UTC))
MARKETING = ("marketing", "email")


@pytest.fixture
def ada(db) -> int:
    return commands.register(
        [CustomerDraft(external_ref="C-1", email="ada@example.org", phone="+49 170 1234567")], act=ACT
    )[0]


def draft(customer_id: int, **changes: object) -> ConsentDraft:
    wanted = ConsentDraft(
        customer_id=customer_id, consent_class=ConsentClass.MARKETING, channel="email", source=ConsentSource.PREFERENCES,
        wording_version=3,
    )  # fmt: skip
    return replace(wanted, **changes)


@pytest.mark.clause("NTF-1")
def test_what_was_said_last_counts_and_everything_that_was_said_stays(ada):
    commands.give_consent([draft(ada)], act=ACT)
    assert queries.consents([ada])[ada].allows(*MARKETING, asked_first=[MARKETING])
    commands.withdraw_consent([draft(ada, source=ConsentSource.ONE_CLICK)], act=ACT)
    assert not queries.consents([ada])[ada].allows(*MARKETING)
    history = queries.consent_history(ada)
    assert [(one.given, one.source, one.wording_version, one.at, one.by) for one in history] == [
        (False, "one_click", 3, ACT.at, "customer"),
        (True, "preferences", 3, ACT.at, "customer"),
    ]


def test_who_said_nothing_is_told_what_need_not_be_asked_first_and_nothing_else(ada):
    nothing = queries.consents([ada, 12345])
    assert nothing == {ada: Consents(), 12345: Consents()}
    assert nothing[ada].allows("transactional", "email", asked_first=[MARKETING])
    assert not nothing[ada].allows(*MARKETING, asked_first=[MARKETING])


def test_one_class_on_one_channel_says_nothing_of_another(ada):
    commands.withdraw_consent([draft(ada, consent_class=ConsentClass.TRANSACTIONAL, channel="sms")], act=ACT)
    said = queries.consents([ada])[ada]
    assert not said.allows("transactional", "sms")
    assert said.allows("transactional", "email")
    assert said.allows("service", "sms")


def test_the_same_words_twice_are_one_row_and_new_words_another(ada):
    for _ in range(2):
        commands.give_consent([draft(ada)], act=ACT)
    commands.give_consent([draft(ada, wording_version=4)], act=ACT)
    assert [one.wording_version for one in queries.consent_history(ada)] == [4, 3]


@pytest.mark.clause("RECD-2")
def test_consents_stand_in_the_customers_story_and_the_database_refuses_to_change_them(ada):
    commands.give_consent([draft(ada)], act=ACT)
    (told,) = story(ada, stream="customer")
    assert (told.kind, told.data["consent_class"], told.data["wording_version"]) == ("ConsentGiven", "marketing", 3)
    for change in (lambda: Consent.objects.update(given=False), lambda: Consent.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_nobody_can_speak_for_a_customer_who_is_not_there(ada):
    with pytest.raises(Refused) as refused:
        commands.give_consent([draft(ada), draft(12345)], act=ACT)
    assert [(one.code, one.index) for one in refused.value.refusals] == [("no_customer", 1)]
    assert queries.consent_history(ada) == []


def test_many_customers_take_as_many_statements_as_one(ada, django_assert_num_queries):
    people = commands.register([CustomerDraft(external_ref=f"C-{n}") for n in range(2, 40)], act=ACT)
    commands.give_consent([draft(one) for one in people], act=ACT)
    with django_assert_num_queries(1):
        assert all(one.said for one in queries.consents(people).values())


@pytest.mark.clause("NTF-1")
def test_a_stopped_address_is_found_however_its_number_is_written_until_it_is_resumed(ada):
    commands.stop_channel("sms", ["+491701234567"], reason=StopReason.OPTED_OUT, act=ACT, detail="STOP")
    asked = [
        ("sms", "0170 1234567"),
        ("sms", "+49 170 7654321"),
        ("email", "ada@example.org"),
        ("sms", "+33170 1234567"),
    ]
    assert set(queries.open_stops(asked)) == {("sms", "0170 1234567")}
    assert commands.resume_channel("sms", ["0170 1234567"], act=ACT.because("START")) == 1
    assert queries.open_stops(asked) == {}
    assert commands.resume_channel("sms", ["0170 1234567"], act=ACT) == 0


def test_a_stop_keeps_its_first_reason_and_its_story_holds_no_address(ada):
    for reason in (StopReason.BOUNCED, StopReason.COMPLAINED):
        commands.stop_channel("email", ["Ada@Example.org", "nonsense"], reason=reason, act=ACT)
    stops = queries.stops()
    assert {(one.address, one.reason, one.stopped_by) for one in stops} == {
        ("ada@example.org", "bounced", "customer"),
        ("nonsense", "bounced", "customer"),
    }
    told = story(min(one.id for one in stops), stream="channel_stop")
    assert [one.kind for one in told] == ["ChannelStopped"]
    assert "example" not in str(told[0].data)


def test_an_address_that_is_none_stops_nothing(ada):
    commands.stop_channel("sms", ["", "none"], reason=StopReason.BY_STAFF, act=ACT)
    assert queries.stops() == []
    assert queries.open_stops([("sms", ""), ("email", "")]) == {}
