"""Whose duty it becomes when a notice does not go by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from milepost.ground.duties.commands import open_duties
from milepost.ground.duties.words import Wanted
from milepost.ground.notices.words import Reason
from milepost.ground.procedures.queries import book
from milepost.kernel.acts import Act

KINDS = {
    Reason.NO_WORD: "check_notice",
    Reason.REFUSED: "retry_notice",
    Reason.GAVE_UP: "retry_notice",
    Reason.BOUNCED: "retry_notice",
    Reason.NO_ADDRESS: "retry_notice",
    Reason.WRONG_NUMBER: "retry_notice",
    Reason.NOT_RENDERED: "it_repair",
}
"""The duty that each reason opens; the others are nobody's trouble."""

WITHOUT_CLOCK = "A message is in trouble, and no clock says whose duty that is: see to it, and publish the clock."
WITHIN = timedelta(hours=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A notice that somebody must see to."""

    notice_id: UUID
    order_id: int | None
    template: str
    reason: Reason


def hand_to_people(troubles: Sequence[Trouble], *, act: Act) -> None:
    """Open the duty of each trouble. A company that has dropped the clock loses no notice over it: IT gets the duty."""
    wanted = [
        _wanted(KINDS[one.reason], act, "notice", str(one.notice_id), one.order_id, template=one.template, reason=one.reason)
        for one in troubles
        if one.reason in KINDS
    ]  # fmt: skip
    if wanted:
        open_duties(wanted, act=act)


def say_that_absent(sender: str, *, act: Act) -> None:
    """One duty for IT, however many messages wait for the sender."""
    open_duties([_wanted("it_repair", act, "sender", sender, None)], act=act)


def _wanted(kind: str, act: Act, subject_kind: str, subject_id: str, order_id: int | None, **data: str) -> Wanted:
    known = kind in book().clocks
    return Wanted(
        kind=kind, order_id=order_id, subject_kind=subject_kind, subject_id=subject_id, data=data,
        due_at=None if known else act.at + WITHIN, role=None if known else "it_support",
        says=None if known else WITHOUT_CLOCK,
    )  # fmt: skip
