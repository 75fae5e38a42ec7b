"""The raw store: what partners send is kept byte for byte, checked, answered, and worked on from there (TRK-2, OPS-1)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from django.db import connection

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.kernel.ids import new_id
from milepost.kernel.refusals import Refusal
from milepost.kernel.texts import printable
from milepost.way.fulfilment.words import tidy_number
from milepost.way.tracking import ports
from milepost.way.tracking.commands.events import record_events
from milepost.way.tracking.models import RawDelivery
from milepost.way.tracking.rules import UNKNOWN_PARCEL
from milepost.way.tracking.words import EventDraft, RawReceipt, RawState, Reading, Worked

_SECRET = ("authorization", "cookie", "proxy-authorization")
_HEADERS_KEPT, _HEADER_LENGTH = 60, 1000


def receive_raw(source: str, *, headers: Mapping[str, str], body: bytes, act: Act) -> RawReceipt:
    """Keep what was sent, with the verdict on its signature. One statement. Refuses `unknown_source` (404) only.

    A delivery whose signature does not hold is kept too, as evidence, and never worked on; the receipt bears the refusal.
    """
    refusal = ports.source(source).check(headers, body)
    row = RawDelivery(
        id=new_id(), source=source, headers=_kept(headers), body=body, received_at=act.recorded_at,
        state=RawState.FORGED if refusal else RawState.RECEIVED, code=refusal.code if refusal else "",
        error=refusal.sentence if refusal else "",
    )  # fmt: skip
    row.save(force_insert=True)
    return RawReceipt(id=row.id, refusal=refusal)


def _kept(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers, without secrets."""
    fine = [(name, value) for name, value in headers.items() if name.lower() not in _SECRET]
    return {printable(name, 100): printable(str(value), _HEADER_LENGTH) for name, value in fine[:_HEADERS_KEPT]}


def process_raw(*, act: Act, limit: int = 500, ids: Sequence[UUID] | None = None) -> Worked:
    """Work on deliveries that were received and not worked on yet, oldest first, several workers at once if need be.

    Good ones end as processed, nonsense as refused with its sentence, those about parcels that are not handed over yet as
    waiting. Each keeps its bytes and can be tried again. Two statements and those of `record_events`.
    """
    with journal.together():
        rows = RawDelivery.objects.select_for_update(skip_locked=True).filter(state=RawState.RECEIVED)
        if ids is not None:
            rows = rows.filter(id__in=ids)
        claimed = list(rows.order_by("id")[:limit])
        readings = [ports.source(row.source).read(bytes(row.body)) for row in claimed]
        refusals, events = _record(claimed, readings, act)
        outcomes = [_outcome(reading, refusals[index]) for index, reading in enumerate(readings)]
        _write(claimed, readings, outcomes, act)
    states = [state for state, _, _ in outcomes]
    return Worked(
        processed=states.count(RawState.PROCESSED), waiting=states.count(RawState.WAITING),
        refused=states.count(RawState.REFUSED), events=events,
    )  # fmt: skip


def _record(rows: Sequence[RawDelivery], readings: Sequence[Reading], act: Act) -> tuple[dict[int, list[Refusal]], int]:
    """Record all events of the deliveries, by source; return the refusals by delivery, and how many events were new."""
    drafts: dict[str, list[tuple[int, EventDraft]]] = defaultdict(list)
    for index, (row, reading) in enumerate(zip(rows, readings, strict=True)):
        drafts[row.source] += [(index, replace(event, received_at=row.received_at)) for event in reading.events]
    refusals: dict[int, list[Refusal]] = defaultdict(list)
    new = 0
    for source, pairs in drafts.items():
        recorded = record_events([draft for _, draft in pairs], act=act, source=source, only_good=True)
        new += recorded.new
        for refusal in recorded.refusals:
            refusals[pairs[refusal.index or 0][0]].append(refusal)
    return refusals, new


def _outcome(reading: Reading, refusals: Sequence[Refusal]) -> tuple[RawState, str, str]:
    """What became of a delivery: state, code, sentence."""
    if reading.refusal is not None:
        return RawState.REFUSED, reading.refusal.code, reading.refusal.sentence
    worse = next((refusal for refusal in refusals if refusal.code != UNKNOWN_PARCEL.code), None)
    if worse is not None:
        return RawState.REFUSED, worse.code, worse.sentence
    if refusals:
        return RawState.WAITING, refusals[0].code, refusals[0].sentence
    return RawState.PROCESSED, "", ""


def _write(
    rows: Sequence[RawDelivery], readings: Sequence[Reading], outcomes: Sequence[tuple[RawState, str, str]], act: Act
) -> None:
    if not rows:
        return
    numbers = [_number(reading) for reading in readings]
    with connection.cursor() as cursor:
        cursor.execute(
            _UPDATE,
            [
                act.recorded_at, [row.id for row in rows], [state.value for state, _, _ in outcomes],
                [code for _, code, _ in outcomes], [error for _, _, error in outcomes], numbers,
            ],
        )  # fmt: skip


def _number(reading: Reading) -> str:
    return printable(tidy_number(reading.events[0].tracking_number), 40) if reading.events else ""


_UPDATE = """
UPDATE tracking_raw_delivery r SET state = w.state, code = w.code, error = w.error, number = w.number,
    attempts = r.attempts + 1, processed_at = %s
FROM unnest(%b::uuid[], %b::text[], %b::text[], %b::text[], %b::text[]) AS w(id, state, code, error, number)
WHERE r.id = w.id
"""


def retry_raw(ids: Sequence[UUID], *, act: Act) -> Worked:
    """Work again on deliveries that were refused or wait, after what was wrong has been put right; never on forged ones."""
    with journal.together():
        again = RawDelivery.objects.filter(id__in=ids, state__in=[RawState.REFUSED, RawState.WAITING])
        again.update(state=RawState.RECEIVED)
        return process_raw(act=act, ids=ids, limit=len(ids))


def retry_waiting(numbers: Sequence[str], *, act: Act) -> None:
    """Parcels with these numbers were handed over: what came before about them is worked on now. One statement if none."""
    tidy = [number for number in map(tidy_number, numbers) if number]
    with journal.together():
        found = RawDelivery.objects.filter(number__in=tidy, state=RawState.WAITING).values_list("id", flat=True)
        if waiting := list(found):
            retry_raw(waiting, act=act)
