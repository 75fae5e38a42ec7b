"""Proof of delivery: from the carrier or by hand, once each, and never at odds with the timeline."""

from dataclasses import replace

import pytest

from milepost.ground.journal import queries as journal
from milepost.kernel.refusals import Refused
from milepost.way.delivery import commands, queries
from milepost.way.delivery.words import Handed, ProofDraft, Witness
from milepost.way.orders import queries as orders
from milepost.way.tracking import commands as tracking
from milepost.way.tracking import queries as timelines
from milepost.way.tracking.tests.parcels import hour, said, shipped
from milepost.way.tracking.words import Kind
from tests import cast

pytestmark = pytest.mark.django_db
NOW = replace(cast.OMAR, at=hour(100), recorded_at=hour(100))
CARRIER = replace(NOW, actor="carrier:easypost", channel="webhook")


@pytest.mark.clause("DEL-4")
def test_what_the_carrier_says_of_the_arrival_is_kept_as_proof() -> None:
    (parcel,) = shipped()
    arrival = said(parcel, Kind.DELIVERED_NEIGHBOUR, 30, received_by="Chiara Conti", place="Berlin")
    tracking.record_events([arrival], act=CARRIER)
    (proof,) = queries.proofs([parcel.order_id])[parcel.order_id]
    assert (proof.handed, proof.witness, proof.received_by, proof.happened_at) == (
        Handed.NEIGHBOUR, Witness.CARRIER, "Chiara Conti", hour(30),
    )  # fmt: skip


def test_who_took_it_stands_in_the_proof_and_in_no_fact() -> None:
    (parcel,) = shipped()
    tracking.record_events([said(parcel, Kind.DELIVERED, 30, received_by="Chiara Conti")], act=CARRIER)
    assert "Chiara" not in str([entry.data for entry in journal.story(parcel.order_id)])


@pytest.mark.clause("DEL-4")
def test_a_proof_by_hand_delivers_the_parcel_and_is_an_event_of_its_timeline() -> None:
    (parcel,) = shipped()
    commands.prove([ProofDraft(parcel_id=parcel.id, happened_at=hour(5), handed=Handed.SAFE_PLACE)], act=NOW)
    assert orders.states([parcel.order_id]) == {parcel.order_id: "delivered"}
    assert [s.kind for s in timelines.timeline(parcel.order_id)[parcel.id]] == [Kind.DELIVERED_SAFE_PLACE]
    assert len(queries.proofs([parcel.order_id])[parcel.order_id]) == 1


def test_the_same_proof_again_changes_nothing_and_another_is_kept_beside_it() -> None:
    (parcel,) = shipped()
    proof = ProofDraft(parcel_id=parcel.id, happened_at=hour(5), received_by="Ada")
    commands.prove([proof, proof], act=NOW)
    before = len(journal.story(parcel.order_id))
    commands.prove([proof], act=NOW)
    assert len(journal.story(parcel.order_id)) == before
    commands.prove([replace(proof, handed=Handed.LOCKER, happened_at=hour(6))], act=NOW)
    assert [p.handed for p in queries.proofs([parcel.order_id])[parcel.order_id]] == [Handed.IN_HAND, Handed.LOCKER]


def test_a_parcel_that_never_left_and_a_future_delivery_are_refused() -> None:
    (parcel,) = shipped()
    drafts = [ProofDraft(parcel_id=2**60, happened_at=hour(5)), ProofDraft(parcel_id=parcel.id, happened_at=hour(900))]
    with pytest.raises(Refused) as caught:
        commands.prove(drafts, act=NOW)
    assert [(r.index, r.code) for r in caught.value.refusals] == [(0, "unknown_parcel"), (1, "in_the_future")]
    assert queries.proofs([parcel.order_id]) == {}
