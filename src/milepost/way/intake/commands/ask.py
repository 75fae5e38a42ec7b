"""Ask: the customer gets all open questions of an order in one message, and is reminded when no answer comes (VER-3)."""

from collections import Counter
from collections.abc import Mapping, Sequence

from django.db.models import F

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal, Refused
from milepost.way.intake import ports
from milepost.way.intake.facts import QuestionsAsked, QuestionsChased
from milepost.way.intake.models import FindingRow, OrderRequest

NOTHING_TO_ASK = Refusal(
    code="nothing_to_ask",
    says="No question to the customer is open.",
    do="Look at the order again: it may have been answered meanwhile.",
    status=409,
)


def ask(order_ids: Sequence[int], *, act: Act, again: bool = False) -> None:
    """Ask customers about all that is open of their orders, where something that keeps an order was not asked yet.

    `again`: asked or not; refuses `nothing_to_ask` (409) where nothing is open. Of history nobody is asked. Five statements.
    """
    if not order_ids or act.history:
        return
    with journal.together():
        ports.lock_orders(order_ids)
        rounds = _rounds(order_ids)
        rows = list(waiting(list(rounds)))
        pressing = {row.order_id for row in rows if again or (row.blocking and row.asked_at is None)}
        if again and pressing != set(order_ids):
            raise Refused(NOTHING_TO_ASK)
        FindingRow.objects.filter(id__in=[row.id for row in rows if row.order_id in pressing]).update(asked_at=act.at)
        questions = Counter(row.order_id for row in rows)
        OrderRequest.objects.filter(order_id__in=sorted(pressing)).update(asked=F("asked") + 1)
        journal.record(
            [
                QuestionsAsked(order_id=order_id, round=rounds[order_id] + 1, questions=questions[order_id])
                for order_id in sorted(pressing)
            ],
            act=act,
        )


def chase(order_ids: Sequence[int], *, act: Act) -> None:
    """Remind customers of the questions that they were asked and have not answered. Three statements.

    The order is not locked, for the worker holds the duty by then; whose request somebody works on just now is not reminded.
    """
    with journal.together():
        rounds = _rounds(order_ids, skip_locked=True)
        questions = Counter(row.order_id for row in waiting(list(rounds)) if row.asked_at is not None)
        OrderRequest.objects.filter(order_id__in=sorted(questions)).update(asked=F("asked") + 1)
        journal.record(
            [
                QuestionsChased(order_id=order_id, round=rounds[order_id] + 1, questions=questions[order_id])
                for order_id in sorted(questions)
            ],
            act=act,
        )


def _rounds(order_ids: Sequence[int], *, skip_locked: bool = False) -> Mapping[int, int]:
    """How often each order's customer was asked, none of history; the requests are locked, so that no two ask at once."""
    locked = OrderRequest.objects.select_for_update(no_key=True, skip_locked=skip_locked)
    rows = locked.filter(order_id__in=order_ids, history=False)
    return {
        order_id: asked for order_id, asked in rows.order_by("order_id").values_list("order_id", "asked") if order_id
    }


def waiting(order_ids: Sequence[int]) -> Sequence[FindingRow]:
    """The questions that wait for the customer. One statement."""
    open_ones = FindingRow.objects.filter(order_id__in=order_ids, settled_at=None, answer_id=None).exclude(question="")
    return list(open_ones.order_by("order_id", "id"))
