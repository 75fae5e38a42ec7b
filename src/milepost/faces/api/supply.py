"""Incoming supply, the places where stock lies, and what may stand in for what (STK-1, STK-2)."""

import base64
import binascii
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import P, QueryEx, Router

from milepost.faces.api.answers import REFUSALS, answer
from milepost.faces.api.body import Json
from milepost.faces.api.keys import ApiKey, Caller
from milepost.faces.api.once import once
from milepost.faces.api.shapes.supply import (
    ArrivalsIn,
    DoneOut,
    LocationsIn,
    SubstitutesIn,
    SuppliesIn,
    SuppliesOut,
    SupplyCorrectionsIn,
)
from milepost.faces.api.shapes.terms import ONE_LINE
from milepost.ground.catalog import commands as catalog
from milepost.ground.catalog import queries as listed
from milepost.kernel.refusals import Refusal, Refused, refuse_any
from milepost.way.stock import commands as stock
from milepost.way.stock import queries as levels
from milepost.way.stock.words import Arrival, LocationDraft, SupplyCard, SupplyCorrection, SupplyDraft

router = Router(tags=["catalogue and stock"])
BAD_CURSOR = Refusal(
    code="bad_cursor", says="This cursor was not given out by us.", do="Begin without a cursor, and pass on `next` as it is.",
    field="cursor",
)  # fmt: skip


@router.post(
    "/stock/incoming", auth=ApiKey("stock:write", changes=True), response={200: SuppliesOut, **REFUSALS},
    summary="Announce incoming supply",
)  # fmt: skip
@once
def expect_supply(caller: Caller, incoming: Annotated[SuppliesIn, Json(...)]) -> tuple[int, Any]:
    """Write down goods that are to come. Orders that wait for them get their date from it. All or none."""
    cards = listed.by_code(sorted({one.code for one in incoming.incoming}))
    refuse_any(_unknown(index, one.code) for index, one in enumerate(incoming.incoming) if one.code not in cards)
    drafts = [
        SupplyDraft(
            item_id=cards[one.code].id, location=one.location, quantity=one.quantity, due_on=one.due_on,
            reference=one.reference,
        )
        for one in incoming.incoming
    ]  # fmt: skip
    ids = set(stock.expect_supply(drafts, act=caller.act()))
    made = [one for one in levels.supplies({draft.item_id for draft in drafts}) if one.id in ids]
    return 200, {"incoming": _told(sorted(made, key=lambda one: one.id)), "next": None}


@router.post(
    "/stock/incoming/corrections", auth=ApiKey("stock:write", changes=True), response={200: DoneOut, **REFUSALS},
    summary="Correct incoming supply",
)  # fmt: skip
@once
def correct_supply(caller: Caller, corrections: Annotated[SupplyCorrectionsIn, Json(...)]) -> tuple[int, Any]:
    """More, less, later, sooner, or not at all. Customers whose goods come later than promised are told. All or none."""
    wanted = [
        SupplyCorrection(supply_id=one.id, quantity=one.quantity, due_on=one.due_on, cancelled=one.cancelled)
        for one in corrections.corrections
    ]
    stock.correct_supply(wanted, act=caller.act())
    return 200, {"done": len(wanted)}


@router.post(
    "/stock/incoming/arrivals", auth=ApiKey("stock:write", changes=True), response={200: DoneOut, **REFUSALS},
    summary="Book incoming supply as arrived",
)  # fmt: skip
@once
def arrive(caller: Caller, arrivals: Annotated[ArrivalsIn, Json(...)]) -> tuple[int, Any]:
    """Announced goods are here: they are received, and go to the oldest promise. All or none."""
    wanted = [Arrival(supply_id=one.id, quantity=one.quantity, last=one.last) for one in arrivals.arrivals]
    stock.arrive(wanted, act=caller.act())
    return 200, {"done": len(wanted)}


@router.get(
    "/stock/incoming", auth=ApiKey("stock:write"), response={200: SuppliesOut, **REFUSALS}, summary="What is to come"
)
def announced(
    request: HttpRequest,
    limit: QueryEx[int, P(ge=1, le=500, description="How many at most.")] = 100,
    cursor: QueryEx[str, P(max_length=200, pattern=ONE_LINE, description="`next` of the page before.")] = "",
) -> HttpResponse:
    """Goods that are to come, the next first, what has no day last. Scope `stock:write`."""
    found = levels.announced(after=_place(cursor), limit=limit + 1)
    page, more = found[:limit], len(found) > limit
    return answer({"incoming": _told(page), "next": _spell(page[-1]) if more else None})


@router.post(
    "/stock/locations", auth=ApiKey("stock:write", changes=True), response={200: DoneOut, **REFUSALS},
    summary="Describe locations",
)  # fmt: skip
@once
def describe_locations(caller: Caller, locations: Annotated[LocationsIn, Json(...)]) -> tuple[int, Any]:
    """Say which places there are, how early each is taken from, and whom it is near to. All or none."""
    drafts = [
        LocationDraft(code=one.code, name=one.name, priority=one.priority, serves=tuple(one.serves))
        for one in locations.locations
    ]
    stock.describe_locations(drafts, act=caller.act())
    return 200, {"done": len(drafts)}


@router.post(
    "/items/substitutes", auth=ApiKey("catalog:write", changes=True), response={200: DoneOut, **REFUSALS},
    summary="Say what may stand in for what",
)  # fmt: skip
@once
def replace(caller: Caller, substitutes: Annotated[SubstitutesIn, Json(...)]) -> tuple[int, Any]:
    """Which items may be offered instead of one that is short, best first. All or none."""
    for one in substitutes.substitutes:
        catalog.replace(one.code, list(dict.fromkeys(code for code in one.stand_ins if code != one.code)))
    return 200, {"done": len(substitutes.substitutes)}


def _told(cards: Sequence[SupplyCard]) -> list[dict[str, Any]]:
    codes = {key: card.code for key, card in listed.by_id(sorted({one.item_id for one in cards})).items()}
    return [
        {
            "id": str(one.id), "code": codes[one.item_id], "location": one.location, "quantity": str(one.quantity),
            "awaited": str(one.awaited), "due_on": one.due_on.isoformat() if one.due_on else None, "reference": one.reference,
            "state": one.state,
        }
        for one in cards
    ]  # fmt: skip


def _spell(last: SupplyCard) -> str:
    return base64.urlsafe_b64encode(f"{last.due_on or ''}|{last.id}".encode()).decode().rstrip("=")


def _place(cursor: str) -> tuple[date | None, UUID] | None:
    if not cursor:
        return None
    try:
        day, _, key = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition("|")
        return (date.fromisoformat(day) if day else None), UUID(key)
    except (ValueError, binascii.Error):
        raise Refused(BAD_CURSOR) from None


def _unknown(index: int, code: str) -> Refusal:
    return Refusal(
        code="unknown_item", says="There is no item {code} in the catalogue.", do="Check the code, or list the item first.",
        field="code", index=index, values={"code": code},
    )  # fmt: skip
