"""Labels: carriers told by their numbers, misread numbers, and corrections that stick, on a real database."""

from dataclasses import replace

import pytest

from milepost.ground.parties import commands as parties
from milepost.ground.parties.words import CarrierDraft
from milepost.kernel.refusals import Refused
from milepost.way.fulfilment import commands, queries
from milepost.way.fulfilment.words import OWN_CARRIER, LabelCorrection, ParcelCard, Shipping
from milepost.way.tracking import commands as tracking
from milepost.way.tracking import queries as tracked
from milepost.way.tracking.words import EventDraft, Kind
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.clause("TRK-1")]

UPS_NUMBER, UPS_MISREAD = "1Z5R89390357567127", "1Z5R89390357567137"
AMBIGUOUS, LIKE_IT = "JFV247545960", "JFV249999999"


def order() -> int:
    """Ada's order, confirmed and on the warehouse's desk."""
    cast.stocked()
    return cast.ordered()[0]


def ship(order_id: int, number: str, **words: object) -> ParcelCard:
    commands.ship(
        [Shipping(order_id=order_id, tracking_numbers=(number,), **{"carrier": "", **words})],
        act=cast.OMAR,
    )
    return queries.shipments_of([order_id])[order_id][0].parcels[0]


def refused(order_id: int, number: str, **words: object) -> list[str]:
    with pytest.raises(Refused) as caught:
        ship(order_id, number, **words)
    return [refusal.code for refusal in caught.value.refusals]


def test_a_carrier_is_told_by_its_number() -> None:
    assert ship(order(), UPS_NUMBER).carrier == "ups"


def test_the_shop_s_own_code_of_the_carrier_is_taken() -> None:
    parties.list_carriers([CarrierDraft(code="ups_ground", name="UPS Ground")])
    assert ship(order(), UPS_NUMBER).carrier == "ups_ground"


def test_a_number_that_may_be_several_carriers_asks_for_the_carrier() -> None:
    assert refused(order(), "287809468872") == ["whose_number"]


def test_a_misread_number_is_refused_until_somebody_has_read_it_twice() -> None:
    order_id = order()
    assert refused(order_id, UPS_MISREAD, carrier="ups") == ["misread_number"]
    assert ship(order_id, UPS_MISREAD, carrier="ups", numbers_confirmed=True).tracking_number == UPS_MISREAD


def test_a_number_of_no_form_that_we_know_is_taken_when_the_carrier_is_named() -> None:
    assert ship(order(), "NEWFORM77", carrier="ups").tracking_number == "NEWFORM77"


def test_history_is_taken_as_it_was() -> None:
    order_id = order()
    words = Shipping(order_id=order_id, carrier="ups", tracking_numbers=(UPS_MISREAD,))
    commands.ship([words], act=cast.OMAR.in_the_past(cast.MONDAY))
    assert queries.shipments_of([order_id])[order_id][0].parcels[0].tracking_number == UPS_MISREAD


def test_without_carrier_and_number_it_is_asked_who_takes_it() -> None:
    order_id = order()
    with pytest.raises(Refused) as caught:
        commands.ship([Shipping(order_id=order_id, carrier="")], act=cast.OMAR)
    assert caught.value.refusals[0].code == "no_carrier"


def test_what_staff_say_of_a_number_sticks_for_its_parcel_and_for_numbers_like_it() -> None:
    parcel = ship(order(), AMBIGUOUS, carrier="dhl")
    assert commands.correct_labels([LabelCorrection(parcel_id=parcel.id, carrier="purolator")], act=cast.OMAR) == 1
    assert queries.parcels_named(parcel_ids=[parcel.id])[0].carrier == "purolator"
    assert queries.recognise_number(LIKE_IT)[0].carrier == "purolator"
    assert queries.recognise_number(AMBIGUOUS)[0].carrier == "purolator"


def test_a_corrected_number_brings_what_carriers_said_of_it() -> None:
    parcel = ship(order(), UPS_MISREAD, carrier="ups", numbers_confirmed=True)
    commands.correct_labels([LabelCorrection(parcel_id=parcel.id, tracking_number=UPS_NUMBER)], act=cast.OMAR)
    scan = EventDraft(kind=Kind.PICKED_UP, happened_at=cast.OMAR.at, tracking_number=UPS_NUMBER, carrier="UPS")
    tracking.record_events([scan], act=cast.OMAR)
    assert len(tracked.timeline(parcel.order_id)[parcel.id]) == 1


def test_the_same_label_again_changes_nothing() -> None:
    parcel = ship(order(), UPS_NUMBER)
    same = LabelCorrection(parcel_id=parcel.id, carrier="ups", tracking_number=UPS_NUMBER)
    assert commands.correct_labels([same], act=cast.OMAR) == 0


def test_what_cannot_be_corrected_is_refused_by_its_place() -> None:
    order_id = order()
    commands.ship([Shipping(order_id=order_id, carrier=OWN_CARRIER)], act=cast.OMAR)
    own = queries.shipments_of([order_id])[order_id][0].parcels[0]
    asked = [LabelCorrection(parcel_id=own.id, tracking_number=UPS_NUMBER), LabelCorrection(parcel_id=1 << 60)]
    with pytest.raises(Refused) as caught:
        commands.correct_labels(asked, act=cast.OMAR)
    assert [(one.index, one.code) for one in caught.value.refusals] == [(0, "our_own_number"), (1, "unknown_parcel")]
    bad = replace(asked[0], carrier="ups", tracking_number="!!")
    with pytest.raises(Refused) as caught:
        commands.correct_labels([bad], act=cast.OMAR)
    assert [one.code for one in caught.value.refusals] == ["bad_number"]
