"""What follows from doubts: holds, questions to the customer, what their answers change, and how the hold ends (VER-3)."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from milepost.ground.duties.facts import DutyWarned
from milepost.ground.journal.commands import Handler
from milepost.kernel.acts import Act
from milepost.kernel.facts import Fact, OrderFact
from milepost.way.intake import commands as intake
from milepost.way.intake import queries as requests
from milepost.way.intake.facts import DiscrepanciesFound, HoldSettled, QuestionsAnswered
from milepost.way.intake.questions import Correction, Standing
from milepost.way.intake.words import LineDraft
from milepost.way.orders import commands as orders
from milepost.way.orders import queries as standing
from milepost.way.orders import rules
from milepost.way.orders.facts import HoldReleased, OrderAmended, OrderHeld
from milepost.way.orders.words import Amendment, Change, LineCard, OrderCard

CHASED = "answer_questions"
"""The duty whose warnings remind the customer."""
IN_ORDERS = {"customer.name": "contact_name", "customer.email": "email", "customer.phone": "phone"}
"""Where orders keep what was asked for under another name."""


def ask(facts: list[OrderHeld] | list[DiscrepanciesFound], act: Act) -> None:
    """The customer is asked about what keeps the order, as far as it is theirs to say."""
    intake.ask(_orders(facts), act=act)


def chase(facts: list[DutyWarned], act: Act) -> None:
    """No answer yet: the customer is reminded, before the duty climbs its ladder."""
    unanswered = {fact.order_id for fact in facts if fact.kind_of_duty == CHASED and fact.order_id is not None}
    if unanswered:
        intake.chase(sorted(unanswered), act=act)


def amend_as_answered(facts: list[QuestionsAnswered], act: Act) -> None:
    """What the customer put right is put right in the order."""
    corrected = requests.corrections([fact.answer_id for fact in facts if fact.corrected])
    changes: dict[int, list[Correction]] = defaultdict(list)
    for one in corrected:
        changes[one.order_id].append(one)
    orders.amend([_amendment(some) for some in changes.values()], act=act)


def _amendment(corrections: list[Correction]) -> Amendment:
    first = corrections[0]
    return Amendment(
        order_id=first.order_id, changes=tuple(Change(_field_of_order(one.field), one.value) for one in corrections),
        said_by=first.said_by, said_at=first.said_at,
    )  # fmt: skip


def _field_of_order(field: str) -> str:
    """The field as orders name it: lines are counted from 1 there."""
    if field.startswith("lines."):
        _, place, what = field.split(".")
        return f"lines.{int(place) + 1}.{what}"
    return IN_ORDERS.get(field, field)


def verify_again(facts: list[OrderAmended], act: Act) -> None:
    """Whatever was amended is verified as at receipt."""
    intake.verify_again([_standing(card) for card in standing.cards(_orders(facts)).values()], act=act)


def _standing(card: OrderCard) -> Standing:
    return Standing(
        order_id=card.id, contact_name=card.contact_name, email=card.email, phone=card.phone, ship_to=card.ship_to,
        lines=tuple(_line(line) for line in card.lines), po_number=card.po_number, payment_reference=card.payment_reference,
    )  # fmt: skip


def _line(line: LineCard) -> LineDraft:
    return LineDraft(
        code=line.code, quantity=Decimal(0) if line.cancelled else line.quantity, price=line.unit_price, unit=line.unit,
        item_id=line.item_id, name=line.name,
    )  # fmt: skip


def hold(facts: list[DiscrepanciesFound], act: Act) -> None:
    """New doubts that block open their holds; one that is open already stays."""
    found = requests.blocking_findings(fact.order_id for fact in facts if fact.blocking)
    orders.hold([one for order_id, some in found.items() for one in rules.holds_for(order_id, some)], act=act)


def release(facts: list[HoldSettled], act: Act) -> None:
    """A hold that waits for nothing any more is released."""
    kinds: dict[str, list[int]] = defaultdict(list)
    for fact in facts:
        kinds[fact.hold].append(fact.order_id)
    for kind, order_ids in kinds.items():
        orders.release(order_ids, kind=kind, outcome="settled", act=act, settled=True)


def settle(facts: list[HoldReleased], act: Act) -> None:
    """Who releases a hold by hand has decided what was open behind it."""
    words = standing.outcomes([fact.hold_id for fact in facts])
    intake.settle({(fact.order_id, fact.kind): words.get(fact.hold_id, "") for fact in facts}, act=act)


def _orders(facts: Iterable[OrderFact]) -> list[int]:
    return sorted({fact.order_id for fact in facts})


FOLLOWS: dict[type[Fact], tuple[Handler, ...]] = {
    OrderHeld: (ask,),
    DutyWarned: (chase,),
    QuestionsAnswered: (amend_as_answered,),
    OrderAmended: (verify_again,),
    DiscrepanciesFound: (hold, ask),
    HoldSettled: (release,),
    HoldReleased: (settle,),
}
