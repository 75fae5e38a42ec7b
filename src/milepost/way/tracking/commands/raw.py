"""What carriers' systems send: checked, kept byte for byte, answered, and worked on from the store (TRK-2, OPS-1)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from milepost.ground import journal
from milepost.ground.arrivals import commands as arrivals
from milepost.ground.arrivals.commands.process import MOST_ATTEMPTS
from milepost.ground.arrivals.words import ArrivalCard, Kept, Outcome, State
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal
from milepost.kernel.texts import printable
from milepost.way.fulfilment.words import tidy_number
from milepost.way.tracking import ports
from milepost.way.tracking.commands.events import record_events
from milepost.way.tracking.commands.names import learn_names, named_parcels, of_each
from milepost.way.tracking.rules import UNKNOWN_PARCEL
from milepost.way.tracking.words import EventDraft, Reading

UNKNOWN_REFERENCE = Refusal(
    code="unknown_reference", says="The sender has not said yet which parcels it means by {reference}.",
    do="Wait for it; or have what it says of {reference} sent again.", status=404,
)  # fmt: skip
WAIT_FOR = (UNKNOWN_PARCEL.code, UNKNOWN_REFERENCE.code)


def receive_raw(source: str, *, headers: Mapping[str, str], body: bytes, act: Act, token: str = "") -> Kept:
    """Keep what was sent, with the verdict on its signature. One statement, two for a repeat. Refuses `unknown_source` (404) only.

    `token` is what stood in the address. A delivery whose signature does not hold is kept too, as evidence, and never worked on;
    the receipt bears the refusal. One that its vendor numbers is kept once, however often it comes.
    """
    plug = ports.source(source)
    given = {name: value for name, value in headers.items() if name.lower() != ports.URL_TOKEN}
    refusal = plug.check({**given, ports.URL_TOKEN: token} if token else given, body)
    content_type = next((str(value) for name, value in given.items() if name.lower() == "content-type"), "")
    return arrivals.keep(
        source, sender=act.actor, content_type=content_type, headers=given, body=body, refusal=refusal, act=act,
        delivery_id=ports.delivery_id(plug, given, body) if refusal is None else "",
    )  # fmt: skip


def read_raw(cards: Sequence[ArrivalCard], act: Act) -> list[Outcome]:
    """The handler of carriers' arrivals, of one source: the events of all deliveries are recorded together.

    Good ones end as processed, nonsense as refused with its sentence, those about parcels that are not handed over yet as
    waiting for their number; what has waited in vain for weeks is refused too, so that somebody looks.
    """
    source = cards[0].source
    carrier_act = replace(act, actor=f"carrier:{source}", channel="webhook")
    readings = [_read(card) for card in cards]
    with journal.together():
        refusals = _record(source, cards, readings, carrier_act)
    return [_outcome(card, readings[index], refusals[index]) for index, card in enumerate(cards)]


def _read(card: ArrivalCard) -> Reading:
    return ports.read(ports.source(card.source), card.headers, card.body, card.received_at)


def _record(
    source: str, cards: Sequence[ArrivalCard], readings: Sequence[Reading], act: Act
) -> dict[int, list[Refusal]]:
    """Record all events of the deliveries; return the refusals by delivery."""
    learnt = learn_names(source, [name for reading in readings for name in reading.names])
    refusals: dict[int, list[Refusal]] = defaultdict(list)
    drafts = [(index, event) for index, reading in enumerate(readings) for event in reading.events]
    drafts += _by_reference(source, readings, refusals)
    recorded = record_events(
        [replace(draft, received_at=cards[index].received_at) for index, draft in drafts],
        act=act, source=source, only_good=True,
    )  # fmt: skip
    for refusal in recorded.refusals:
        refusals[drafts[refusal.index or 0][0]].append(refusal)
    if learnt:
        arrivals.wake(learnt, sources=[source], act=act)
    return refusals


def _by_reference(
    source: str, readings: Sequence[Reading], refusals: Mapping[int, list[Refusal]]
) -> list[tuple[int, EventDraft]]:
    """The events of parcels that the vendor names by a reference, as statements about each; a refusal where it is not known."""
    spoken = [(index, *pair) for index, reading in enumerate(readings) for pair in reading.by_reference]
    known = named_parcels(source, (reference for _, reference, _ in spoken))
    found: list[tuple[int, EventDraft]] = []
    for index, reference, draft in spoken:
        if reference in known:
            found += [(index, event) for event in of_each(draft, known[reference])]
        else:
            refusals[index].append(replace(UNKNOWN_REFERENCE, values={"reference": reference}))
    return found


def _outcome(card: ArrivalCard, reading: Reading, refusals: Sequence[Refusal]) -> Outcome:
    """What became of a delivery. What can still come is waited for first; then what made no sense in it is refused."""
    about = _about(reading)
    missing = next((refusal for refusal in refusals if refusal.code in WAIT_FOR), None)
    worse = reading.refusal or next((refusal for refusal in refusals if refusal.code not in WAIT_FOR), None)
    if missing is not None:
        if card.attempts + 1 < MOST_ATTEMPTS:
            return _told(State.WAITING, missing, _missing(missing) or about)
        worse = worse or missing
    if worse is not None:
        return _told(State.REFUSED, worse, about)
    spoke = reading.events or reading.by_reference or reading.names
    return Outcome(state=State.PROCESSED if spoke else State.IGNORED, about=about)


def _told(state: State, refusal: Refusal, about: str) -> Outcome:
    return Outcome(state=state, code=refusal.code, sentence=refusal.sentence, about=about)


def _about(reading: Reading) -> str:
    """What the delivery is about: its first tracking number, or the vendor's own reference."""
    if reading.events:
        return _tidy(reading.events[0].tracking_number)
    return reading.by_reference[0][0] if reading.by_reference else ""


def _missing(refusal: Refusal) -> str:
    """What is waited for."""
    reference = refusal.values.get("reference")
    return str(reference) if reference else _tidy(str(refusal.values.get("number") or ""))


def _tidy(number: str) -> str:
    return printable(tidy_number(number), 40)


def wake_waiting(numbers: Sequence[str], *, act: Act) -> None:
    """Parcels with these numbers were handed over: what came before about them is worked on next. One statement."""
    arrivals.wake([number for number in map(tidy_number, numbers) if number], sources=ports.names(), act=act)
