"""Change: what the shop has changed since it was last followed is changed of our order too, or becomes a clerk's duty (VER-3)."""

from collections.abc import Sequence

from django.db import transaction

from milepost.ground.arrivals.words import Outcome, State
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused
from milepost.way.intake import commands as intake
from milepost.way.orders import commands as orders
from milepost.way.orders import queries
from milepost.way.orders.words import Amendment, Change, HoldKind, OrderCard, WantedHold
from milepost.way.shops import rules
from milepost.way.shops.commands.said import Said, hand_to_clerk, last_draft, lines_of, overtake, remember
from milepost.way.shops.words import Kind, Unmade

PAID = "Paid, as the shop says."


def change(said: Said, *, act: Act) -> Outcome:
    """Follow what the shop says of an order of ours that still stands there."""
    one = said.statement
    if one.kind == Kind.EDITED:
        return _edited(said, act)
    if said.is_overtaken:
        return said.done("A later state of the order was followed already.", code="overtaken")
    if one.refusals or one.draft is None:
        return said.refused(one.refusals)
    return _changed(said, act)


def _changed(said: Said, act: Act) -> Outcome:
    one, row = said.statement, said.row
    card = queries.cards([row.order_id or 0])[row.order_id or 0]
    was, now = last_draft(row), one.draft or last_draft(row)
    found = rules.wanted(
        was, now, lines_of(row), one.line_ids, highest=max((line.position for line in card.lines), default=0)
    )
    unmade = [*found.unmade, *rules.beyond_lines(said.statement, row.refunded, row.cancelled, found.changes)]
    unmade += _follow_payment(card, was.payment_pending, now.payment_pending, act)
    intake.restate({card.id: (now, rules.discounts(now, one.line_ids, found.lines))})
    unmade += _amend(said, found.changes, act)
    if unmade:
        hand_to_clerk(said, unmade, act=act)
    row.cancelled = False
    remember(said, found.lines)
    overtake(said, act=act)
    return _told(said, found.changes, unmade, paid=was.payment_pending and not now.payment_pending)


def _told(said: Said, changes: Sequence[Change], unmade: Sequence[Unmade], *, paid: bool) -> Outcome:
    if unmade:
        return said.done(f"A clerk has to settle {', '.join(one.field for one in unmade)}.", code="settle_change")
    if not (changes or paid):
        return said.done("Nothing in it is new.", code="unchanged")
    return said.done(f"Changed: {', '.join([*(one.field for one in changes), *(['payment'] if paid else [])])}.")


def _amend(said: Said, changes: Sequence[Change], act: Act) -> list[Unmade]:
    """Make the changes; where some cannot be made, the others; returns what was not made, and why."""
    left, unmade = list(changes), list[Unmade]()
    while left:
        try:
            with transaction.atomic():
                orders.amend([_amendment(said, left)], act=act)
        except Refused as refused:
            wrong = rules.unmade(left, refused.refusals)
            unmade += wrong
            fields = {one.field for one in wrong}
            left = [one for one in left if one.field not in fields]
        else:
            break
    return unmade


def _amendment(said: Said, changes: Sequence[Change]) -> Amendment:
    return Amendment(
        order_id=said.row.order_id or 0, changes=tuple(changes), reason="changed in the shop", said_by=said.card.sender,
        said_at=said.statement.said_at,
    )  # fmt: skip


def _follow_payment(card: OrderCard, was_pending: bool, is_pending: bool, act: Act) -> list[Unmade]:
    """Paid: the hold for it ends. No longer paid: the order waits, or a clerk decides when it has left."""
    held = any(hold.kind == HoldKind.PAYMENT and hold.released_at is None for hold in card.holds)
    if was_pending and not is_pending and held:
        orders.release([card.id], kind=HoldKind.PAYMENT, outcome=PAID, act=act)
    if is_pending and not was_pending:
        if card.state not in rules.NOT_LEFT:
            return [Unmade("payment", "the shop says that it is not paid after all, and the order has left.")]
        reason = "payment: the shop says that it is not paid after all"
        orders.hold(
            [WantedHold(order_id=card.id, kind=HoldKind.PAYMENT, reason=reason, role="order_management")], act=act
        )
    return []


def _edited(said: Said, act: Act) -> Outcome:
    """Only word that it was edited: the update that tells how may have come already, comes later, or never."""
    row, one = said.row, said.statement
    if row.said_at is not None and one.said_at is not None and row.said_at >= one.said_at:
        return said.done("The update that tells how it was edited was followed.")
    if said.card.attempts < rules.LOOKS_FOR_EDIT:
        return said.done("How the order was edited comes with its update.", code="edit_follows", state=State.WAITING)
    why = "the shop said that the order was edited, but never how. Look at it in the shop."
    hand_to_clerk(said, [Unmade("the order", why)], act=act)
    return said.done(why, code="settle_change")
