"""The holds of an order as the page shows them: whose they are, who may release each, and what I may do about it (VER-3)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from milepost.faces.desk.order import why_not
from milepost.faces.desk.order.order_page import OrderPage
from milepost.faces.look.sentences import where
from milepost.ground.access.models import Staff
from milepost.ground.access.words import PERMISSIONS, ROLES
from milepost.kernel.refusals import Refusal
from milepost.way.orders.commands.hold import NOT_APPROVER, SAME_PERSON
from milepost.way.orders.words import HoldCard


@dataclass(frozen=True, slots=True)
class HoldView:
    """An open hold. `refusal` says why I cannot release it, None where I can; `evidence` what it rests on."""

    card: HoldCard
    owner: str
    releasers: str
    approver: str
    opened_by: str
    proposed_by: str
    evidence: Sequence[str]
    refusal: Refusal | None


def holds_of(page: OrderPage, me: Staff) -> list[HoldView]:
    """The open holds of an order."""
    return [_view(hold, page, me) for hold in page.open_holds]


def _view(hold: HoldCard, page: OrderPage, me: Staff) -> HoldView:
    named = page.people
    return HoldView(
        hold, ROLES.get(hold.role, hold.role), _releasers(), ROLES.get(hold.approver, hold.approver),
        named.name(hold.opened_by), named.name(hold.proposed_by) if hold.proposed_by else "",
        [where(str(field)) for field in hold.evidence.get("fields", ())], why_not_released(hold, me),
    )  # fmt: skip


def _releasers() -> str:
    return ", ".join(
        name for role, name in ROLES.items() if role in PERMISSIONS["orders.release"] and role != "administrator"
    )


def why_not_released(hold: HoldCard, me: Staff) -> Refusal | None:
    """Why I cannot release a hold: it is for others, or I proposed it myself, or its second pair of eyes is another role's."""
    if not me.may("orders.release"):
        return why_not.not_theirs("orders.release")
    if not hold.approver or not hold.proposed_by:
        return None
    if hold.proposed_by == me.actor:
        return SAME_PERSON
    if hold.approver not in me.roles and "administrator" not in me.roles:
        return replace(NOT_APPROVER, values={"role": ROLES.get(hold.approver, hold.approver)})
    return None


def none_is_mine(page: OrderPage, me: Staff) -> Refusal | None:
    """Why I can release none of the holds, None where I can release one."""
    reasons = [why_not_released(hold, me) for hold in page.open_holds]
    return reasons[0] if reasons and all(reasons) else None
