"""Place: the first statement from which an order can be made makes it; those before are remembered (REC-1..3)."""

from collections.abc import Sequence
from uuid import UUID

from milepost.ground.arrivals.words import Outcome, State
from milepost.kernel.acts import Act
from milepost.way.intake import commands as intake
from milepost.way.intake.words import Draft, Incoming, Receipt
from milepost.way.shops import rules
from milepost.way.shops.commands.end import cancel_or_hand_over
from milepost.way.shops.commands.said import Said, overtake, remember
from milepost.way.shops.words import ENDS, Kind


def can_be_placed(said: Said) -> bool:
    """Whether it is the order's first statement from which an order can be made."""
    one = said.statement
    stands = one.kind in (Kind.STANDS, Kind.RESTORED) and one.draft is not None
    return stands and said.row.order_id is None and not (one.no_order or one.refusals)


def place(new: Sequence[Said], *, act: Act) -> dict[UUID, Outcome]:
    """Receive orders together; what intake refuses is refused here."""
    if not new:
        return {}
    receipts = intake.receive([_incoming(said, index) for index, said in enumerate(new)], act=act)
    return {said.card.id: _placed(said, receipt, act) for said, receipt in zip(new, receipts, strict=True)}


def _incoming(said: Said, index: int) -> Incoming:
    return Incoming(
        draft=_draft(said), raw=said.card.body, content_type=said.card.content_type[:80], sender=said.card.sender, index=index,
        origins={"arrival": str(said.card.id), "shop_order": said.statement.number}, arrived_at=said.card.received_at,
        arrival_id=said.card.id,
    )  # fmt: skip


def _draft(said: Said) -> Draft:
    if said.statement.draft is None:
        raise ValueError("only what has a draft is placed")
    return said.statement.draft


def _placed(said: Said, receipt: Receipt, act: Act) -> Outcome:
    """What became of it; an order that the shop had cancelled meanwhile is placed and cancelled, as if all had come in turn."""
    if receipt.refusals:
        return said.refused(receipt.refusals)
    said.row.order_id = receipt.order_id
    ended = said.row.cancelled and said.statement.kind != Kind.RESTORED
    said.row.cancelled = ended
    remember(said, rules.first_lines(said.statement.line_ids))
    overtake(said, act=act)
    if not ended:
        return said.done(f"Became order {receipt.reference}.")
    cancel_or_hand_over(said, said.row.reason_code, act=act)
    return said.done(f"Became order {receipt.reference}, which the shop had cancelled already.")


def unplaced(said: Said, *, act: Act) -> Outcome:
    """What is said of an order that is none of ours: its end is remembered for the case that its beginning comes later."""
    one = said.statement
    if one.kind in ENDS:
        said.row.cancelled, said.row.reason_code = True, one.reason_code
        remember(said)
        overtake(said, act=act)
        return said.done("The shop cancelled it before it became an order here.", code="cancelled_before")
    if one.kind == Kind.EDITED:
        return said.done(EDIT_FOLLOWS, code="edit_follows", state=State.WAITING)
    if one.no_order and not said.is_overtaken:
        remember(said)
        overtake(said, act=act)
    if one.no_order:
        return said.done(one.no_order.sentence, code=one.no_order.code, state=State.IGNORED)
    return said.refused(one.refusals)


EDIT_FOLLOWS = "The order was edited in the shop; how it stands now comes with its update."
