"""Correct labels: which carrier and which number a parcel really has; what staff say of a number is remembered (TRK-1)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from django.db import connection

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.kernel.columns import columns
from milepost.kernel.refusals import Refusal, refuse_any
from milepost.way.fulfilment.facts import LabelCorrected
from milepost.way.fulfilment.formats import shape_of
from milepost.way.fulfilment.models import Parcel
from milepost.way.fulfilment.rules import OUR_OWN_NUMBER, UNKNOWN_PARCEL, bad_numbers
from milepost.way.fulfilment.words import OWN_CARRIER, LabelCorrection, tidy_number


def correct_labels(corrections: Sequence[LabelCorrection], *, act: Act) -> int:
    """Write what really stands on labels of parcels that were handed over; return how many changed. Three statements.

    A carrier named by a person rules over what the number's form suggests, for this parcel and for numbers of this shape.
    Refuses, by index, `unknown_parcel` (404), `our_own_number` (409), `bad_number`.
    """
    with journal.together():
        rows = {
            row.id: row
            for row in Parcel.objects.select_for_update()
            .filter(id__in=[one.parcel_id for one in corrections], shipped_at__isnull=False)
            .order_by("id")
        }
        refuse_any(_wrong(corrections, rows))
        said = [(rows[one.parcel_id], *_label(rows[one.parcel_id], one)) for one in corrections]
        changed = [each for each in said if each[1:] != (each[0].carrier, each[0].tracking_number)]
        _write(changed, corrections, rows, act)
        journal.record([_fact(row, carrier, number) for row, carrier, number in changed], act=act)
    return len(changed)


def _wrong(corrections: Sequence[LabelCorrection], rows: Mapping[int, Parcel]) -> Iterable[Refusal]:
    for index, one in enumerate(corrections):
        row = rows.get(one.parcel_id)
        if row is None:
            yield replace(UNKNOWN_PARCEL, index=index, values={"parcel_id": one.parcel_id})
        elif row.carrier == OWN_CARRIER and not one.carrier:
            yield replace(OUR_OWN_NUMBER, index=index, values={"parcel_id": one.parcel_id})
        elif one.tracking_number:
            number = tidy_number(one.tracking_number)
            yield from (bad.at(index=index) for bad in bad_numbers([number], 1, confirmed=True))


def _label(row: Parcel, one: LabelCorrection) -> tuple[str, str]:
    return one.carrier or row.carrier, tidy_number(one.tracking_number) or row.tracking_number


def _write(
    changed: Sequence[tuple[Parcel, str, str]], corrections: Sequence[LabelCorrection], rows: Mapping[int, Parcel], act: Act
) -> None:  # fmt: skip
    rulings = {
        shape_of(number): carrier
        for one in corrections
        if one.carrier
        for carrier, number in [_label(rows[one.parcel_id], one)]
    }
    with connection.cursor() as cursor:
        if changed:
            cursor.execute(_LABELS, columns([(row.id, carrier, number) for row, carrier, number in changed]))
        if rulings:
            cursor.execute(_RULINGS, [act.actor, act.recorded_at, *columns(sorted(rulings.items()))])


_LABELS = """
UPDATE fulfilment_parcel p SET carrier = w.carrier, tracking_number = w.number,
    own_number = p.own_number AND p.tracking_number = w.number
FROM unnest(%b::bigint[], %b::text[], %b::text[]) AS w(id, carrier, number) WHERE p.id = w.id
"""
_RULINGS = """
INSERT INTO fulfilment_number_ruling (actor, ruled_at, shape, carrier)
SELECT %s, %s, * FROM unnest(%b::text[], %b::text[])
ON CONFLICT (shape) DO UPDATE SET carrier = excluded.carrier, actor = excluded.actor, ruled_at = excluded.ruled_at
"""


def _fact(row: Parcel, carrier: str, number: str) -> LabelCorrected:
    return LabelCorrected(
        order_id=row.order_id, parcel_id=row.id, shipment_id=row.shipment_id, carrier=carrier, tracking_number=number,
        was_carrier=row.carrier, was_number=row.tracking_number,
    )  # fmt: skip
