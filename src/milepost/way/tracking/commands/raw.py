"""What carriers' systems send: checked, kept byte for byte, answered, and worked on from the store (TRK-2, OPS-1)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from milepost.ground import journal
from milepost.ground.arrivals import commands as arrivals
from milepost.ground.arrivals.words import ArrivalCard, Kept, Outcome, State
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal
from milepost.kernel.texts import printable
from milepost.way.fulfilment.words import tidy_number
from milepost.way.tracking import ports
from milepost.way.tracking.commands.events import record_events
from milepost.way.tracking.rules import UNKNOWN_PARCEL
from milepost.way.tracking.words import EventDraft, Reading


def receive_raw(source: str, *, headers: Mapping[str, str], body: bytes, act: Act) -> Kept:
    """Keep what was sent, with the verdict on its signature. One statement. Refuses `unknown_source` (404) only.

    A delivery whose signature does not hold is kept too, as evidence, and never worked on; the receipt bears the refusal.
    """
    refusal = ports.source(source).check(headers, body)
    content_type = next((str(value) for name, value in headers.items() if name.lower() == "content-type"), "")
    return arrivals.keep(
        source, sender=act.actor, content_type=content_type, headers=headers, body=body, refusal=refusal, act=act
    )


def read_raw(cards: Sequence[ArrivalCard], act: Act) -> list[Outcome]:
    """The handler of carriers' arrivals: the events of all deliveries are recorded together.

    Good ones end as processed, nonsense as refused with its sentence, those about parcels that are not handed over yet as
    waiting for their number.
    """
    carrier_act = replace(act, actor=f"carrier:{cards[0].source}", channel="webhook")
    readings = [ports.source(card.source).read(card.body) for card in cards]
    with journal.together():
        refusals = _record(cards, readings, carrier_act)
    return [_outcome(reading, refusals[index]) for index, reading in enumerate(readings)]


def _record(cards: Sequence[ArrivalCard], readings: Sequence[Reading], act: Act) -> dict[int, list[Refusal]]:
    """Record all events of the deliveries, by source; return the refusals by delivery."""
    drafts: dict[str, list[tuple[int, EventDraft]]] = defaultdict(list)
    for index, (card, reading) in enumerate(zip(cards, readings, strict=True)):
        drafts[card.source] += [(index, replace(event, received_at=card.received_at)) for event in reading.events]
    refusals: dict[int, list[Refusal]] = defaultdict(list)
    for source, pairs in drafts.items():
        recorded = record_events([draft for _, draft in pairs], act=act, source=source, only_good=True)
        for refusal in recorded.refusals:
            refusals[pairs[refusal.index or 0][0]].append(refusal)
    return refusals


def _outcome(reading: Reading, refusals: Sequence[Refusal]) -> Outcome:
    """What became of a delivery."""
    number = _number(reading)
    worse = reading.refusal or next((refusal for refusal in refusals if refusal.code != UNKNOWN_PARCEL.code), None)
    if worse is not None:
        return Outcome(state=State.REFUSED, code=worse.code, sentence=worse.sentence, about=number)
    if refusals:
        return Outcome(state=State.WAITING, code=refusals[0].code, sentence=refusals[0].sentence, about=number)
    return Outcome(state=State.PROCESSED if reading.events else State.IGNORED, about=number)


def _number(reading: Reading) -> str:
    return printable(tidy_number(reading.events[0].tracking_number), 40) if reading.events else ""


def wake_waiting(numbers: Sequence[str], *, act: Act) -> None:
    """Parcels with these numbers were handed over: what came before about them is worked on next. One statement."""
    arrivals.wake([number for number in map(tidy_number, numbers) if number], sources=ports.names(), act=act)
