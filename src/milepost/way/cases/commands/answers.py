"""Answers to offers: what customers chose, or what was stated for no answer, is carried out as things stand (STK-2, EXC-5)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from django.db import connection

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.kernel.columns import columns
from milepost.kernel.facts import Fact
from milepost.kernel.refusals import Refusal, Refused, refuse_any
from milepost.kernel.texts import printable
from milepost.way.cases import offering, queries
from milepost.way.cases.commands.offers import write_closed
from milepost.way.cases.facts import Chosen, OfferAnswered, OfferLapsed
from milepost.way.cases.models import Offer
from milepost.way.cases.words import Choice, Closed, LineChoice, OfferAnswer, OfferCard, OfferLine, OfferState
from milepost.way.stock import commands as stock
from milepost.way.stock import queries as levels


def accept(answers: Sequence[OfferAnswer], *, act: Act) -> None:
    """Record what customers chose; it is carried out in the same transaction, as things stand at this moment.

    The same answer again changes nothing. Where what was short has come meanwhile, the offer is closed instead. Refuses, by index
    and field, `no_offer` (404), `offer_answered`, `offer_over`, `nothing_to_choose`, `substitute_gone` (409), `choice_missing`.
    """
    with journal.together():
        found = _locked([answer.offer_id for answer in answers])
        refuse_any(_refusals(answers, found, act))
        fresh = [answer for answer in answers if found[answer.offer_id].card.state is OfferState.OPEN]
        _settle([(found[one.offer_id].card, one) for one in fresh], OfferState.ANSWERED, act)


@dataclass(frozen=True, slots=True)
class _Found:
    """An offer under lock, and its order's state."""

    card: OfferCard
    state: str


def _locked(offer_ids: Sequence[UUID], *, idle_only: bool = False) -> dict[UUID, _Found]:
    """Offers and their orders, locked, orders first. Four statements. `idle_only`: without those that others hold."""
    mine = Offer.objects.filter(id__in=list(offer_ids)).order_by("order_id")
    around = mine.select_related("order").only("id", "order_id", "order__state")
    states = {
        row.id: row.order.state for row in around.select_for_update(of=("order",), no_key=True, skip_locked=idle_only)
    }
    rows = mine.filter(id__in=list(states)).select_for_update(no_key=True, skip_locked=idle_only)
    return {card.id: _Found(card, states[card.id]) for card in queries.offer_cards(rows)}


def _refusals(answers: Sequence[OfferAnswer], found: Mapping[UUID, _Found], act: Act) -> Iterable[Refusal]:
    for index, answer in enumerate(answers):
        one = found.get(answer.offer_id)
        if one is None or one.card.order_id != answer.order_id:
            yield offering.NO_OFFER.at(index=index)
            continue
        for refusal in offering.objections(one.card, answer, state=one.state, now=act.at):
            yield refusal.at(index=index)


def _settle(pairs: Sequence[tuple[OfferCard, OfferAnswer]], state: OfferState, act: Act) -> None:
    """Carry out answers, or defaults, for what is still short; where nothing is, close the offer."""
    if not pairs:
        return
    order_ids = [card.order_id for card, _ in pairs]
    free: dict[int, Decimal] = defaultdict(Decimal)
    for place in stock.lock(_items(pairs)):
        free[place.item_id] += place.quantity
    waiting = {
        (one.order_id, one.position): one.quantity for some in levels.waiting(order_ids).values() for one in some
    }
    kept = levels.kept_aside(order_ids)
    facts: list[Fact] = []
    refusals: list[Refusal] = []
    lines: list[tuple[object, ...]] = []
    for index, (card, answer) in enumerate(pairs):
        short = [line for line in card.lines if (card.order_id, line.position) in waiting]
        if not short:
            continue
        refusals += [refusal.at(index=index) for refusal in offering.wrong_choices(short, answer)]
        refusals += [refusal.at(index=index) for refusal in _gone(card, short, answer, waiting, free, kept)]
        if not refusals:
            chosen = [_chosen(line, answer, waiting[card.order_id, line.position]) for line in short]
            facts.append(_told(card, answer, chosen, state))
            lines += [_line_row(card, line, answer, waiting) for line in card.lines]
    refuse_any(refusals)
    _write_lines(lines)
    done = {fact.offer_id for fact in facts if isinstance(fact, OfferAnswered | OfferLapsed)}
    _write_settled([(card, answer) for card, answer in pairs if card.id in done], state, act)
    came = [card for card, _ in pairs if card.id not in done]
    facts += write_closed(came, Closed.STOCK_CAME, act)
    journal.record(facts, act=act)


def _items(pairs: Sequence[tuple[OfferCard, OfferAnswer]]) -> set[int]:
    """The items of the lines, and those that are chosen instead."""
    mine = {line.item_id for card, _ in pairs for line in card.lines}
    return mine | {one.item_id for _, answer in pairs for one in answer.choices.values() if one.item_id is not None}


def _gone(
    card: OfferCard, short: Sequence[OfferLine], answer: OfferAnswer, waiting: Mapping[tuple[int, int], Decimal],
    free: dict[int, Decimal], kept: dict[tuple[int, int], Decimal],
) -> Iterable[Refusal]:  # fmt: skip
    """Stand-ins of which there is too little, what is kept aside for this order included; what is taken is used up."""
    for line in short:
        chosen = answer.choices.get(line.position)
        item = next((one for one in line.stand_ins if chosen and one.item_id == chosen.item_id), None)
        if item is None or chosen is None or chosen.choice is not Choice.SUBSTITUTE:
            continue
        wanted = waiting[card.order_id, line.position]
        own = kept.get((card.order_id, item.item_id), Decimal(0))
        if own + max(free[item.item_id], Decimal(0)) < wanted:
            yield offering.gone(line, item)
            continue
        kept[card.order_id, item.item_id] = max(own - wanted, Decimal(0))
        free[item.item_id] -= max(wanted - own, Decimal(0))


def _chosen(line: OfferLine, answer: OfferAnswer, quantity: Decimal) -> Chosen:
    chosen = answer.choices[line.position]
    taken = replace(line, chosen=chosen).taken if chosen.choice is Choice.SUBSTITUTE else None
    return Chosen(
        position=line.position, choice=chosen.choice, quantity=quantity, was_item_id=line.item_id,
        item_id=taken.item_id if taken else line.item_id, code=taken.code if taken else line.code,
        unit_price=taken.unit_price if taken else None,
    )  # fmt: skip


def _told(
    card: OfferCard, answer: OfferAnswer, chosen: Sequence[Chosen], state: OfferState
) -> OfferAnswered | OfferLapsed:
    short = {one.position: answer.choices[one.position] for one in chosen}
    kind = OfferAnswered if state is OfferState.ANSWERED else OfferLapsed
    return kind(order_id=card.order_id, offer_id=card.id, summary=offering.summary(short), chosen=tuple(chosen))


def _line_row(
    card: OfferCard, line: OfferLine, answer: OfferAnswer, waiting: Mapping[tuple[int, int], Decimal]
) -> tuple[object, ...]:
    chosen = answer.choices.get(line.position)
    item = chosen.item_id if chosen and chosen.choice is Choice.SUBSTITUTE else None
    carried = waiting.get((card.order_id, line.position))
    return (card.order_id, card.id, line.position, chosen.choice.value if chosen else "", item, carried)


def _write_lines(rows: Sequence[tuple[object, ...]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_CHOOSE, columns(rows))


_CHOOSE = """
UPDATE cases_offer_line l SET choice = c.choice, chosen_item_id = c.item_id, carried = c.carried
FROM unnest(%b::bigint[], %b::uuid[], %b::int[], %b::text[], %b::bigint[], %b::numeric[])
    AS c(order_id, offer_id, position, choice, item_id, carried)
WHERE l.order_id = c.order_id AND l.offer_id = c.offer_id AND l.position = c.position
"""


def _write_settled(pairs: Sequence[tuple[OfferCard, OfferAnswer]], state: OfferState, act: Act) -> None:
    rows = [
        (card.id, state.value, printable(answer.said_by, 200), answer.said_at or (act.at if answer.said_by else None))
        for card, answer in pairs
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_SETTLE, [act.at, act.actor, act.channel, *columns(rows)])


_SETTLE = """
UPDATE cases_offer o SET settled_at = %s, actor = %s, channel = %s, state = s.state, said_by = s.said_by, said_at = s.said_at
FROM unnest(%b::uuid[], %b::text[], %b::text[], %b::timestamptz[]) AS s(id, state, said_by, said_at) WHERE o.id = s.id
"""


def lapse_offers(*, act: Act, limit: int = 100) -> int:
    """Do what was stated for offers that nobody answered in time; say how many those were. For the worker; several may run.

    An offer whose default cannot be carried out any more is closed and left to people.
    """
    due = Offer.objects.filter(state=OfferState.OPEN, deadline_at__lt=act.at).order_by("deadline_at")
    wanted = list(due.values_list("id", flat=True)[:limit])
    try:
        return _lapse(wanted, act)
    except Refused:
        return sum(_lapse_alone(one, act) for one in wanted)


def _lapse(offer_ids: Sequence[UUID], act: Act) -> int:
    if not offer_ids:
        return 0
    with journal.written_at_the_end():
        found = _locked(offer_ids, idle_only=True)
        open_ones = [one for one in found.values() if one.card.state is OfferState.OPEN]
        late = [one.card for one in open_ones if one.state not in offering.MAY_CHOOSE]
        still = [one.card for one in open_ones if one.state in offering.MAY_CHOOSE]
        journal.record(write_closed(late, Closed.TOO_LATE, act), act=act)
        _settle([(card, _default(card)) for card in still], OfferState.LAPSED, act)
    return len(found)


def _lapse_alone(offer_id: UUID, act: Act) -> int:
    try:
        return _lapse([offer_id], act)
    except Refused:
        with journal.together():
            found = [one.card for one in _locked([offer_id], idle_only=True).values()]
            journal.record(
                write_closed([card for card in found if card.state is OfferState.OPEN], Closed.TOO_LATE, act), act=act
            )
        return len(found)


def _default(card: OfferCard) -> OfferAnswer:
    choices = {line.position: LineChoice(choice=card.default) for line in card.lines}
    return OfferAnswer(order_id=card.order_id, offer_id=card.id, choices=choices)
