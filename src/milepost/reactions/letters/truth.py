"""Before sending: is what the message would say still so, and fresh enough to be told? (NTF-1, NTF-3)"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from milepost.ground.notices.words import DueNotice, Reason, Withheld
from milepost.ground.procedures.words import Telling
from milepost.reactions.letters.ledger import Account
from milepost.way.cases.words import Choice, OfferState
from milepost.way.orders.words import State
from milepost.way.promising.words import Basis

ARRIVED = frozenset({State.DELIVERED, State.COMPLETED, State.CLOSED})
TROUBLES = frozenset({"DelayFound", "ExceptionFound", "ParcelMoved"})
"""The facts of which is told only as long as their case is open, or their parcel where it was."""


def not_now(
    notice: DueNotice, account: Account, telling: Telling, *, now: datetime, since: datetime | None = None
) -> Withheld | None:
    """Why the message must not leave any more, or None. `since`: when, by the carrier, what it tells has begun."""
    order = account.order
    if order.state == State.CANCELLED and notice.template != "cancellation":
        return Withheld(reason=Reason.CANCELLED, says="Not sent: the order was cancelled meanwhile.")
    objection = (
        _OBJECTIONS.get(notice.template, _none)(account) or _other_date(notice, account) or _over(notice, account)
    )
    if objection:
        return Withheld(reason=Reason.NOT_TRUE, says=f"Not sent: {objection}.")
    hours = telling.freshness.news.get(notice.template)
    if hours and now - min(since or notice.planned_at, notice.planned_at) > timedelta(hours=hours):
        says = f"Not sent: what it tells is older than {hours} hours, and may be over."
        return Withheld(reason=Reason.STALE, says=says)
    return None


def _other_date(notice: DueNotice, account: Account) -> str:
    """A delay is told with the date that stands, once; the notice of an earlier date is old news."""
    told, standing = notice.data.get("new_latest_on"), account.standing
    if told is None or standing is None or told == standing.now.latest_on.isoformat():
        return ""
    return f"the date is {standing.now.latest_on} by now"


def _over(notice: DueNotice, account: Account) -> str:
    """A delay or loss that was over before anybody could be told is not told: where a parcel then is, its own notice says. Nor is
    a delay told once for each of its causes, when only the last is true."""
    stage = account.stages.get(notice.data.get("parcel_id", 0)) if notice.because == "ParcelMoved" else None
    if stage is not None and stage != notice.data.get("stage"):
        return f"the parcel is {stage.replace('_', ' ')} by now"
    case = account.cases.get(str(notice.data.get("case_id"))) if notice.because in TROUBLES else None
    if case is None:
        return ""
    if case.resolved_at is not None:
        return "what it tells of is over"
    cause = notice.data.get("cause", case.cause)
    return "" if cause == case.cause else f"the cause is {case.cause} by now"


def _none(account: Account) -> str:
    return ""


def _not_confirmed(account: Account) -> str:
    return "the order is not confirmed" if account.order.state == State.RECEIVED else ""


def _acknowledgement_will_tell(account: Account) -> str:
    """Whoever was not yet told how the order stood need not hear that it stands otherwise now."""
    return "" if account.order.acknowledged_at else "the acknowledgement tells it"


def _nothing_open(account: Account) -> str:
    return "" if any(not question.answer for question in account.questions) else "no question is open any more"


def _nothing_short(account: Account) -> str:
    return "" if account.is_short else "no line waits for stock any more"


def _still_short(account: Account) -> str:
    if account.is_short:
        return "a part of the order still waits for stock"
    return "the order has left" if account.order.shipped_at else ""


def _told_by_the_summary(account: Account) -> str:
    """Of a choice that changed the order the amended summary tells, or the cancellation."""
    offer = account.offer
    if offer is None or offer.state not in (OfferState.ANSWERED, OfferState.LAPSED):
        return "another offer was made meanwhile"
    changed = {line.chosen.choice for line in offer.lines if line.chosen and line.carried}
    return "the summary of the amended order tells it" if changed & {Choice.SUBSTITUTE, Choice.CANCEL} else ""


def _nothing_shipped(account: Account) -> str:
    return "" if account.parcels else "no parcel is on its way"


def _not_out(account: Account) -> str:
    return "" if account.order.state == State.OUT_FOR_DELIVERY else f"the order is {_words(account)} by now"


def _not_travelling(account: Account) -> str:
    return "" if account.order.state == State.IN_TRANSIT else f"the order is {_words(account)} by now"


def _not_late(account: Account) -> str:
    if account.order.state in ARRIVED:
        return "the order has arrived"
    standing = account.standing
    later = standing is not None and standing.now.latest_on > standing.first.latest_on
    return "" if later else "the date that was first promised stands"


def _not_arrived(account: Account) -> str:
    return "" if account.order.state in ARRIVED else f"the order is {_words(account)} by now"


def _not_cancelled(account: Account) -> str:
    return "" if account.order.state == State.CANCELLED else "the order is not cancelled"


def _words(account: Account) -> str:
    return account.order.state.replace("_", " ")


_OBJECTIONS: Mapping[str, Callable[[Account], str]] = {
    "acknowledgement": _not_confirmed,
    "questions": _nothing_open,
    "questions_reminder": _nothing_open,
    "amended_order": _acknowledgement_will_tell,
    "backorder_notice": _nothing_short,
    "stock_arrived": _still_short,
    "choice_noted": _told_by_the_summary,
    "shipment_notice": _nothing_shipped,
    "in_transit": _not_travelling,
    "out_for_delivery": _not_out,
    "delay_notice": _not_late,
    "delivery_confirmation": _not_arrived,
    "cancellation": _not_cancelled,
}


def no_date(account: Account, telling: Telling, *, today: date, now: datetime) -> bool:
    """Whether no date can be stated for an order that is still to come: the last one is past, or it rests on a word of the
    carrier that is too old (NTF-3)."""
    standing, order = account.standing, account.order
    if standing is None or order.state in ARRIVED:
        return False
    if standing.now.latest_on < today:
        return True
    old = now - standing.now.made_at > timedelta(hours=telling.freshness.carrier)
    return standing.now.basis == Basis.CARRIER and old
