"""Incoming supply: goods that are to come, from which those who wait get their dates (STK-2)."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.kernel.ids import new_id
from milepost.kernel.refusals import Refusal, refuse_any
from milepost.way.stock.commands.receive import locations, receive_stock
from milepost.way.stock.facts import SupplyArrived, SupplyCorrected, SupplyExpected
from milepost.way.stock.models import Supply
from milepost.way.stock.words import Arrival, StockReceipt, SupplyCorrection, SupplyDraft, SupplyState

BAD_QUANTITY = Refusal(
    code="bad_quantity", says="What is to come must be more than nothing.", do="Give a positive quantity.", field="quantity"
)  # fmt: skip
KNOWN = Refusal(
    code="already_expected", says="This item is already expected there under the reference {reference}.",
    do="Correct what is expected, or give another reference.", status=409, field="reference",
)  # fmt: skip
NO_SUPPLY = Refusal(
    code="no_supply", says="There is no such supply that is still expected.",
    do="Look at the list: it may have arrived, or been cancelled.", status=404, field="supply_id",
)  # fmt: skip
ALREADY_HERE = Refusal(
    code="already_here", says="More of it than that has arrived already.", do="Give the whole quantity, arrived or not.",
    status=409, field="quantity",
)  # fmt: skip
NOTHING_LEFT = Refusal(
    code="nothing_left", says="All of it has arrived already.", do="Say how many more came.", status=409, field="quantity"
)  # fmt: skip


def expect_supply(drafts: Sequence[SupplyDraft], *, act: Act) -> list[UUID]:
    """Write down goods that are to come; their ids in order. Refuses, by index, `bad_quantity`, `already_expected` (409)."""
    refuse_any(BAD_QUANTITY.at(index=index) for index, draft in enumerate(drafts) if draft.quantity <= 0)
    with journal.together():
        places = locations({draft.location for draft in drafts})
        refuse_any(_known(drafts, places))
        rows = [_row(draft, places, act) for draft in drafts]
        journal.insert(rows)
        journal.record([_expected(row, draft) for row, draft in zip(rows, drafts, strict=True)], act=act)
    return [row.id for row in rows]


def _known(drafts: Sequence[SupplyDraft], places: Mapping[str, int]) -> Iterator[Refusal]:
    wanted = [d.reference for d in drafts if d.reference]
    rows = Supply.objects.filter(reference__in=wanted, state=SupplyState.EXPECTED) if wanted else Supply.objects.none()
    seen = set(rows.values_list("reference", "item_id", "location_id"))
    for index, draft in enumerate(drafts):
        key = (draft.reference, draft.item_id, places[draft.location])
        if draft.reference and key in seen:
            yield Refusal(
                code=KNOWN.code, says=KNOWN.says, do=KNOWN.do, status=KNOWN.status, field=KNOWN.field, index=index,
                values={"reference": draft.reference},
            )  # fmt: skip
        seen.add(key)


def _row(draft: SupplyDraft, places: Mapping[str, int], act: Act) -> Supply:
    return Supply(
        id=new_id(), item_id=draft.item_id, location_id=places[draft.location], quantity=draft.quantity,
        arrived=Decimal(0), due_on=draft.due_on, reference=draft.reference, announced_at=act.at,
    )  # fmt: skip


def _expected(row: Supply, draft: SupplyDraft) -> SupplyExpected:
    return SupplyExpected(
        item_id=row.item_id, supply_id=row.id, location=draft.location, quantity=row.quantity, due_on=row.due_on
    )


def correct_supply(corrections: Sequence[SupplyCorrection], *, act: Act) -> None:
    """More, less, later, sooner, or not at all. Refuses, by index, `no_supply`, `bad_quantity`, `already_here` (409)."""
    with journal.together():
        rows = _locked([correction.supply_id for correction in corrections])
        refuse_any(_wrong(corrections, rows))
        facts = [_correct(rows[correction.supply_id], correction, act) for correction in corrections]
        Supply.objects.bulk_update(rows.values(), ["quantity", "due_on", "state", "settled_at"])
        journal.record(facts, act=act)


def _wrong(corrections: Sequence[SupplyCorrection], rows: Mapping[UUID, Supply]) -> Iterator[Refusal]:
    for index, correction in enumerate(corrections):
        if correction.supply_id not in rows:
            yield NO_SUPPLY.at(index=index)
        elif correction.quantity <= 0:
            yield BAD_QUANTITY.at(index=index)
        elif correction.quantity < rows[correction.supply_id].arrived:
            yield ALREADY_HERE.at(index=index)


def _correct(row: Supply, correction: SupplyCorrection, act: Act) -> SupplyCorrected:
    fact = SupplyCorrected(
        item_id=row.item_id, supply_id=row.id, quantity=correction.quantity, due_on=correction.due_on,
        was_quantity=row.quantity, was_due_on=row.due_on, cancelled=correction.cancelled,
    )  # fmt: skip
    row.quantity, row.due_on = correction.quantity, correction.due_on
    if correction.cancelled:
        row.state, row.settled_at = SupplyState.CANCELLED, act.at
    elif row.arrived >= row.quantity:
        row.state, row.settled_at = SupplyState.ARRIVED, act.at
    return fact


def arrive(arrivals: Sequence[Arrival], *, act: Act) -> None:
    """Announced goods are here: book them as received, under their reference. More than was announced may come.

    Refuses, by index, `no_supply`, `bad_quantity`, `nothing_left` (409).
    """
    with journal.written_at_the_end():
        rows = _locked([arrival.supply_id for arrival in arrivals])
        refuse_any(_not_there(arrivals, rows))
        facts, receipts = [], []
        for arrival in arrivals:
            row = rows[arrival.supply_id]
            come = arrival.quantity if arrival.quantity is not None else row.quantity - row.arrived
            row.arrived += come
            if arrival.last or row.arrived >= row.quantity:
                row.state, row.settled_at = SupplyState.ARRIVED, act.at
            left = max(row.quantity - row.arrived, Decimal(0)) if row.state == SupplyState.EXPECTED else Decimal(0)
            facts.append(SupplyArrived(item_id=row.item_id, supply_id=row.id, quantity=come, left=left))
            receipts.append(
                StockReceipt(item_id=row.item_id, location=row.location.code, quantity=come, reference=row.reference)
            )
        Supply.objects.bulk_update(rows.values(), ["arrived", "state", "settled_at"])
        journal.record(facts, act=act)
        receive_stock(receipts, act=act)


def _not_there(arrivals: Sequence[Arrival], rows: Mapping[UUID, Supply]) -> Iterator[Refusal]:
    for index, arrival in enumerate(arrivals):
        if arrival.supply_id not in rows:
            yield NO_SUPPLY.at(index=index)
        elif arrival.quantity is not None and arrival.quantity <= 0:
            yield BAD_QUANTITY.at(index=index)
        elif arrival.quantity is None and rows[arrival.supply_id].arrived >= rows[arrival.supply_id].quantity:
            yield NOTHING_LEFT.at(index=index)


def _locked(supply_ids: Sequence[UUID]) -> dict[UUID, Supply]:
    rows = Supply.objects.select_for_update(of=("self",), no_key=True).select_related("location")
    return {row.id: row for row in rows.filter(id__in=list(supply_ids), state=SupplyState.EXPECTED).order_by("id")}
