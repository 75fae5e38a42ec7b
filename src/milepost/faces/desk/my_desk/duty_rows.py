"""Duties as rows of a desk: what they are about, who has them, and the next step with the way it is done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from milepost.faces.desk.my_desk.next_steps import NextStep, step_of
from milepost.faces.desk.order.verbs import BY_NAME
from milepost.faces.desk.people import People, people
from milepost.ground.access.models import Staff
from milepost.ground.access.words import ROLES
from milepost.ground.duties.words import DutyCard
from milepost.way.orders import queries as orders
from milepost.way.orders.queries import Contact


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One duty on a desk. `page`: where its next step is done; empty where that is in the row. `address`: the duty's own page."""

    duty: DutyCard
    about: Contact | None
    role: str
    taken_by: str
    is_mine: bool
    now: datetime
    step: NextStep
    page: str
    address: str

    @property
    def is_late(self) -> bool:
        """Whether its time is over."""
        return self.duty.is_late(self.now)

    @property
    def snoozed(self) -> bool:
        """Whether somebody put it off."""
        return bool(self.duty.snoozed_until and self.duty.snoozed_until > self.now)

    @property
    def at_once(self) -> bool:
        """Whether one press does it."""
        return self.step.at_once and not self.page


def rows_of(cards: Sequence[DutyCard], me: Staff, now: datetime) -> list[Row]:
    """Rows of these duties. Three statements."""
    about = orders.contacts({card.order_id for card in cards if card.order_id is not None})
    named = people()
    return list(_rows(cards, about, named, me, now))


def _rows(
    cards: Sequence[DutyCard], about: dict[int, Contact], named: People, me: Staff, now: datetime
) -> Iterable[Row]:
    desk = reverse("desk:my_desk")
    for card in cards:
        contact, step = about.get(card.order_id or 0), step_of(card.kind)
        yield Row(
            duty=card, about=contact, role=ROLES.get(card.role, card.role), taken_by=named.staff_name(card.assignee),
            is_mine=card.assignee == me.pk, now=now, step=step, page=_page(card, contact, step, me),
            address=f"{desk}duties/{card.id}/",
        )  # fmt: skip


def _page(card: DutyCard, about: Contact | None, step: NextStep, me: Staff) -> str:
    """The page where the step is done, unless a verb of mine does it here or the page is not mine to see."""
    if about and any(me.may(BY_NAME[verb].permission) for verb in step.verbs):
        return ""
    return step.page(card, about.reference if about else "") if step.page and me.may(step.permission) else ""
