"""Tracking numbers: whose one may be, and what really stands on a label."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from milepost.faces.api.answers import REFUSALS
from milepost.faces.api.batches import order_ids
from milepost.faces.api.body import Json
from milepost.faces.api.keys import ApiKey, Caller
from milepost.faces.api.once import once
from milepost.faces.api.shapes.labels import (
    CandidatesOut,
    Country,
    LabelCorrectionIn,
    LabelCorrectionsIn,
    LabelsOut,
    TypedNumber,
)
from milepost.kernel.refusals import Refusal, refuse_any
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment import queries as known
from milepost.way.fulfilment.words import LabelCorrection, tidy_number

router = Router(tags=["tracking numbers"])
NO_SUCH_LABEL = Refusal(
    code="no_such_label", says="No parcel of order {order} that was handed over bears the number {number}.",
    do="Look at the order's shipments.", status=404, field="tracking_number",
)  # fmt: skip


@router.get(
    "/tracking-numbers/{number}", auth=ApiKey("orders:read"), response={200: CandidatesOut, **REFUSALS},
    summary="Recognise a tracking number",
)  # fmt: skip
def recognise_number(
    request: HttpRequest, number: Annotated[TypedNumber, Path(...)], sent_to: Annotated[Country, Query()] = ""
) -> tuple[int, Any]:
    """The carriers whose number it may be, the likeliest first; an empty list for one that no form fits or that was misread."""
    found = known.recognise_number(number, sent_to=sent_to)
    return 200, {"number": tidy_number(number), "candidates": [asdict(one) for one in found]}


@router.post(
    "/labels/corrections", auth=ApiKey("fulfilment:write", changes=True), response={200: LabelsOut, **REFUSALS},
    summary="Correct labels",
)  # fmt: skip
@once
def correct_labels(caller: Caller, corrections: Annotated[LabelCorrectionsIn, Json(...)]) -> tuple[int, Any]:
    """Say which carrier and number a parcel really has. The carrier named here is remembered for numbers of that shape, and what
    carriers said of the number before is worked on now. All or none."""
    entries = corrections.corrections
    parcels = _parcels(entries)
    said = [
        LabelCorrection(parcel_id=parcel, carrier=one.carrier, tracking_number=one.right_number)
        for one, parcel in zip(entries, parcels, strict=True)
    ]
    return 200, {"corrected": fulfilment.correct_labels(said, act=caller.act())}


def _parcels(entries: Sequence[LabelCorrectionIn]) -> list[int]:
    """The parcel that each entry speaks of: the order's, with that number on its label."""
    ids = order_ids([entry.order for entry in entries])
    labelled = {
        (card.order_id, card.tracking_number): card.id
        for card in known.parcels_named(numbers=[entry.tracking_number for entry in entries])
    }
    found = [labelled.get((order, tidy_number(one.tracking_number))) for order, one in zip(ids, entries, strict=True)]
    refuse_any(
        replace(
            NO_SUCH_LABEL, index=index, values={"number": entries[index].tracking_number, "order": entries[index].order}
        )
        for index, parcel in enumerate(found)
        if parcel is None
    )
    return [parcel for parcel in found if parcel is not None]
