"""Verbs of delivery: prove."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import connection

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.kernel.columns import columns
from milepost.kernel.ids import new_id
from milepost.kernel.refusals import Refusal, refuse_any
from milepost.kernel.texts import printable
from milepost.way.delivery.facts import DeliveryProved
from milepost.way.delivery.words import HANDED, ProofDraft, Witness
from milepost.way.fulfilment import queries as fulfilment
from milepost.way.tracking import queries as tracking
from milepost.way.tracking.words import AHEAD

_WITNESSES = {"desk": Witness.STAFF, "staff": Witness.STAFF, "driver": Witness.DRIVER}

UNKNOWN_PARCEL = Refusal(
    code="unknown_parcel",
    says="Parcel {parcel_id} was not handed over, so it cannot have been delivered.",
    do="Look at the order's shipments; ship the parcel first.",
    status=404,
    field="parcel_id",
)
IN_THE_FUTURE = Refusal(
    code="in_the_future",
    says="A parcel cannot have been handed over in the future.",
    do="Check the date, and the zone of the time.",
    field="happened_at",
)


def prove(proofs: Sequence[ProofDraft], *, act: Act) -> None:
    """Keep proofs of delivery and record DeliveryProved of each new one (DEL-4); the same proof again changes nothing.

    Refuses, by index, `unknown_parcel` (404) and `in_the_future`. Two statements for any number.
    """
    _prove(proofs, act, from_event=False)


def _prove(proofs: Sequence[ProofDraft], act: Act, *, from_event: bool) -> None:
    parcels = {card.id: card.order_id for card in fulfilment.parcels_named(parcel_ids=[p.parcel_id for p in proofs])}
    refuse_any(_refusals(proofs, parcels, act))
    if not proofs:
        return
    rows = {
        (proof.parcel_id, proof.happened_at, proof.handed): _row(proof, parcels[proof.parcel_id], act)
        for proof in proofs
    }
    with journal.together():
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, [act.recorded_at, act.actor, *columns(rows.values())])
            new = {row[0] for row in cursor.fetchall()}
        journal.record([_proved(row, from_event) for row in rows.values() if row[0] in new], act=act)


def _refusals(proofs: Sequence[ProofDraft], parcels: Mapping[int, int], act: Act) -> list[Refusal]:
    unknown = [
        replace(UNKNOWN_PARCEL, index=index, values={"parcel_id": proof.parcel_id})
        for index, proof in enumerate(proofs)
        if proof.parcel_id not in parcels
    ]
    return unknown + [
        IN_THE_FUTURE.at(index=index)
        for index, proof in enumerate(proofs)
        if proof.happened_at > act.recorded_at + AHEAD
    ]


def _row(proof: ProofDraft, order_id: int, act: Act) -> tuple[Any, ...]:
    return (
        new_id(), order_id, proof.parcel_id, proof.handed.value, proof.witness.value, proof.happened_at,
        printable(proof.received_by, 200), printable(proof.place, 200), printable(proof.note, 2000),
    )  # fmt: skip


def _proved(row: tuple[Any, ...], from_event: bool) -> DeliveryProved:
    return DeliveryProved(
        proof_id=row[0], order_id=row[1], parcel_id=row[2], kind=row[3], witness=row[4], happened_at=row[5],
        from_event=from_event,
    )  # fmt: skip


_INSERT = """
INSERT INTO delivery_proof (recorded_at, recorded_by, id, order_id, parcel_id, handed, witness, happened_at, received_by, place,
    note)
SELECT %s, %s, * FROM unnest(%b::uuid[], %b::bigint[], %b::bigint[], %b::text[], %b::text[], %b::timestamptz[], %b::text[],
    %b::text[], %b::text[])
ON CONFLICT DO NOTHING RETURNING id
"""


def prove_arrivals(order_ids: Sequence[int], parcel_ids: Sequence[int], *, act: Act) -> None:
    """Keep, as proof, what carriers say of the arrival of the parcels, with the name of who took them."""
    _prove(
        [
            ProofDraft(
                parcel_id=arrival.parcel_id, happened_at=arrival.happened_at, handed=HANDED[arrival.kind],
                witness=_WITNESSES.get(arrival.source, Witness.CARRIER), received_by=arrival.received_by,
                place=arrival.place,
            )
            for arrival in tracking.arrivals(order_ids, parcel_ids)
        ],
        act,
        from_event=True,
    )  # fmt: skip
