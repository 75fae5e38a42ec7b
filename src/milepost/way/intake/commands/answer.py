"""Answer: what the customer says about open questions, and what they put right of their own accord (VER-3, ROL-2)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.kernel.ids import new_id
from milepost.kernel.refusals import Refusal, refuse_any
from milepost.kernel.texts import printable
from milepost.way.intake import ports
from milepost.way.intake.commands.settle import over, settled
from milepost.way.intake.facts import QuestionsAnswered, QuestionsOver
from milepost.way.intake.models import AnswerRow, FindingRow, OrderRequest
from milepost.way.intake.questions import Clarification, Outcome, Reply, is_correctable
from milepost.way.intake.verification import country_code

LONGEST = 4000


def answer(clarifications: Sequence[Clarification], *, act: Act) -> list[UUID | None]:
    """Write down what was said, settle what it settles, and let corrections amend the order; the answers' ids, None where it had
    all been said before. All or none.

    What is right as it is settles its question, unless the procedure leaves that to a role; what is corrected is amended,
    verified again and settled when nothing is wrong any more. Refuses, by index and the question's field, `unknown_question`
    (404), `answered_already` (409) where something else was said meanwhile, `nothing_said`, `not_confirmable`, `no_order` (404).
    Records QuestionsAnswered. Eleven statements at most, and the amendment.
    """
    order_ids = sorted({one.order_id for one in clarifications})
    with journal.together():
        ports.lock_orders(order_ids)
        locked = OrderRequest.objects.select_for_update(no_key=True).filter(order_id__in=order_ids).order_by("order_id")
        known = set(locked.values_list("order_id", flat=True))
        rows = {row.id: row for row in FindingRow.objects.filter(order_id__in=order_ids)}
        refuse_any(_refusals(clarifications, known, rows))
        said = [_Said(new_id(), one, _new(one, rows)) for one in clarifications]
        said = [one for one in said if one.replies or one.clarification.corrections]
        _keep(said, rows, act)
        journal.record([_answered(one, rows) for one in said], act=act)
        confirmed = [rows[reply.finding_id] for one in said for reply in one.replies if reply.confirmed]
        facts = settled([row for row in confirmed if row.word_suffices], Outcome.CONFIRMED, act)
        told = {fact.order_id for fact in facts if isinstance(fact, QuestionsOver)}
        left = over([one.clarification.order_id for one in said if one.clarification.order_id not in told])
        journal.record([*facts, *(QuestionsOver(order_id=order_id) for order_id in left)], act=act)
    ids = {one.clarification.order_id: one.answer_id for one in said}
    return [ids.get(one.order_id) for one in clarifications]


@dataclass(frozen=True, slots=True)
class _Said:
    answer_id: UUID
    clarification: Clarification
    replies: tuple[Reply, ...]


def _new(one: Clarification, rows: Mapping[UUID, FindingRow]) -> tuple[Reply, ...]:
    """The replies that were not given before in the same words, as from a double click or a second look."""
    return tuple(reply for reply in one.replies if rows[reply.finding_id].answer_id is None)


def _refusals(
    clarifications: Sequence[Clarification], known: set[int | None], rows: Mapping[UUID, FindingRow]
) -> Iterator[Refusal]:
    for index, one in enumerate(clarifications):
        if one.order_id not in known:
            yield NO_ORDER.at(index=index)
            continue
        for reply in one.replies:
            row = rows.get(reply.finding_id)
            if row is None or row.order_id != one.order_id:
                yield UNKNOWN_QUESTION.at(index=index)
            else:
                yield from (refusal.at(index=index, field=row.field) for refusal in _of_reply(reply, row))
        for field, value in one.corrections.items():
            if not is_correctable(field):
                yield UNKNOWN_QUESTION.at(index=index, field=field)
            elif len(value) > LONGEST:
                yield TOO_LONG.at(index=index, field=field)


def _of_reply(reply: Reply, row: FindingRow) -> Iterator[Refusal]:
    if row.answer_id is not None or row.settled_at is not None:
        if row.answer != words_of(reply, row):
            yield ANSWERED_ALREADY
    elif reply.confirmed and not row.confirm:
        yield NOT_CONFIRMABLE
    elif not reply.confirmed and not reply.value.strip():
        yield NOTHING_SAID
    elif len(reply.value) > LONGEST:
        yield TOO_LONG


def words_of(reply: Reply, row: FindingRow) -> str:
    """What a reply says shall stand in the field."""
    return row.value if reply.confirmed else _tidy(row.field, reply.value)


def _tidy(field: str, value: str) -> str:
    text = printable(value, LONGEST).strip()
    return country_code(text) if field == "ship_to.country" else text


def _keep(said: Sequence[_Said], rows: Mapping[UUID, FindingRow], act: Act) -> None:
    journal.insert([row for one in said for row in _answer_rows(one, rows, act)])
    given = [
        (reply.finding_id, one.answer_id, words_of(reply, rows[reply.finding_id]))
        for one in said
        for reply in one.replies
    ]
    if given:
        journal.write(_GIVE, given)


_GIVE = """
UPDATE intake_finding f SET answer_id = g.answer_id, answer = g.answer
FROM unnest(%b::uuid[], %b::uuid[], %b::text[]) AS g(id, answer_id, answer) WHERE f.id = g.id
"""


def _answer_rows(one: _Said, rows: Mapping[UUID, FindingRow], act: Act) -> Iterator[AnswerRow]:
    said = one.clarification
    told = {
        "order_id": said.order_id, "answer_id": one.answer_id, "said_by": printable(said.said_by, 200), "said_at": said.said_at,
        "actor": act.actor, "channel": act.channel, "at": act.at,
    }  # fmt: skip
    fields = {}
    for reply in one.replies:
        row = rows[reply.finding_id]
        fields[row.field] = AnswerRow(
            field=row.field, finding_id=row.id, confirmed=reply.confirmed, value=words_of(reply, row), **told
        )
    for field, typed in said.corrections.items():
        value = _tidy(field, typed)
        fields.setdefault(field, AnswerRow(field=field, finding_id=None, confirmed=said.confirmed, value=value, **told))
    yield from fields.values()


def _answered(one: _Said, rows: Mapping[UUID, FindingRow]) -> QuestionsAnswered:
    fields = [rows[reply.finding_id].field for reply in one.replies]
    corrected = sum(not reply.confirmed for reply in one.replies) + len(one.clarification.corrections)
    return QuestionsAnswered(
        order_id=one.clarification.order_id, answer_id=one.answer_id, corrected=corrected,
        fields=tuple(dict.fromkeys([*fields, *one.clarification.corrections])),
    )  # fmt: skip


NO_ORDER = Refusal(code="no_order", says="There is no such order.", do="Search for it again.", status=404)
UNKNOWN_QUESTION = Refusal(
    code="unknown_question",
    says="Nothing of the kind was asked about this order.",
    do="Look at the questions again.",
    status=404,
)
ANSWERED_ALREADY = Refusal(
    code="answered_already",
    says="This was answered meanwhile.",
    do="Look at what stands there now. If it is not right, tell us.",
    status=409,
)
NOTHING_SAID = Refusal(
    code="nothing_said",
    says="Nothing was filled in here.",
    do="Say that it is right as it is, or fill in what is right.",
)
NOT_CONFIRMABLE = Refusal(
    code="not_confirmable", says="Something has to be filled in here.", do="Fill it in, or contact us."
)
TOO_LONG = Refusal(code="too_long", says="This is too long.", do="Say it in fewer words.")
