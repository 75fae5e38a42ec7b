"""What partners who sent a document are told in its form: their order is accepted, changed or refused.

That it was received is told at once, when it is kept; see `intake.keep_document`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from milepost.ground.arrivals import commands as arrivals
from milepost.ground.arrivals.words import AnswerDraft
from milepost.ground.journal.commands import Handler
from milepost.kernel.acts import Act
from milepost.kernel.facts import Fact, OrderFact
from milepost.way.intake import documents
from milepost.way.intake.ports import answerer
from milepost.way.intake.words import DocumentCard, LineResponse, OrderResponse, Response
from milepost.way.orders import queries as orders
from milepost.way.orders.facts import LineAmended, OrderAmended, OrderCancelled, OrderConfirmed
from milepost.way.orders.words import LineCard, OrderCard, State
from milepost.way.promising import queries as promising
from milepost.way.stock import queries as stock
from milepost.way.stock.words import Waiting

UNDECIDED = (State.RECEIVED,)


@dataclass(frozen=True, slots=True)
class _Standing:
    """How things stand with orders that are answered; read for all of them at once."""

    cards: Mapping[int, OrderCard]
    waiting: Mapping[int, list[Waiting]]
    promised: Mapping[int, date]


def answer(facts: Sequence[OrderFact], act: Act) -> None:
    """Keep an answer for each order that came as a document and about which something was decided.

    A change of an order that is not confirmed yet is told with its confirmation. History is told to nobody.
    """
    wanted = [] if act.history or not facts else documents.to_answer(sorted({fact.order_id for fact in facts}))
    if not wanted:
        return
    again = not isinstance(facts[0], OrderConfirmed)
    standing = _standing([one.order_id for one in wanted])
    decided = [one for one in wanted if standing.cards[one.order_id].state not in UNDECIDED]
    numbers = documents.answer_numbers(len(decided)) if decided else []
    drafts = [
        draft
        for one, number in zip(decided, numbers, strict=True)
        for draft in _draft(one, standing, number, again, act)
    ]
    if drafts:
        arrivals.keep_answers(drafts, act=act)


def _standing(order_ids: Sequence[int]) -> _Standing:
    return _Standing(
        cards=orders.cards(order_ids), waiting=stock.waiting(order_ids),
        promised={key: one.now.latest_on for key, one in promising.standing(order_ids).items()},
    )  # fmt: skip


def _draft(document: DocumentCard, standing: _Standing, number: int, again: bool, act: Act) -> Iterator[AnswerDraft]:
    who = answerer(document.form)
    response = _response(document, standing, again)
    answer = who.respond(document.raw, response, number=number, at=act.recorded_at) if who else None
    if answer is not None:
        yield AnswerDraft(
            arrival_id=document.arrival_id, order_id=document.order_id, kind=answer.kind, name=answer.name,
            content_type=answer.content_type, body=answer.body,
        )  # fmt: skip


def _response(document: DocumentCard, standing: _Standing, again: bool) -> OrderResponse:
    card = standing.cards[document.order_id]
    short = {one.position: one for one in standing.waiting.get(card.id, ())}
    lines = tuple(_line(line, short.get(line.position)) for line in card.lines)
    return OrderResponse(
        order_id=card.id, reference=card.reference, response=_verdict(document, card, lines), currency=card.currency, lines=lines,
        deliver_on=standing.promised.get(card.id), again=again,
    )  # fmt: skip


def _line(line: LineCard, waits: Waiting | None) -> LineResponse:
    return LineResponse(
        position=line.position, code=line.code, quantity=line.quantity, unit_price=line.unit_price,
        short=min(waits.quantity, line.quantity) if waits else line.quantity * 0, short_until=waits.expected_on if waits else None,
        cancelled=line.cancelled,
    )  # fmt: skip


def _verdict(document: DocumentCard, card: OrderCard, lines: Sequence[LineResponse]) -> Response:
    """Refused when it is cancelled; changed when any line is other than it was asked for; else accepted."""
    if card.state == State.CANCELLED:
        return Response.REFUSED
    asked = document.asked
    same = len(asked) == len(lines) and all(
        (one.quantity, one.price, one.code) == (line.quantity, line.unit_price, line.code)
        and not (line.short or line.cancelled)
        for one, line in zip(asked, lines, strict=True)
    )
    return Response.ACCEPTED if same else Response.CHANGED


def answer_unless_lines(facts: list[OrderAmended], act: Act) -> None:
    """Changes of lines are told when stock has followed them; see LineAmended."""
    answer([fact for fact in facts if not any(field.startswith("lines.") for field in fact.fields)], act)


FOLLOWS: dict[type[Fact], tuple[Handler, ...]] = {
    OrderConfirmed: (answer,),
    OrderAmended: (answer_unless_lines,),
    LineAmended: (answer,),
    OrderCancelled: (answer,),
}
