"""Before sending: is what the message would say still so? (NTF-1, NTF-3)"""

from collections.abc import Callable, Mapping

from milepost.ground.notices.words import DueNotice, Reason, Withheld
from milepost.reactions.letters.ledger import Account
from milepost.way.cases.words import Choice, OfferState
from milepost.way.orders.words import State

ARRIVED = frozenset({State.DELIVERED, State.COMPLETED, State.CLOSED})


def not_now(notice: DueNotice, account: Account) -> Withheld | None:
    """Why the message must not leave now, or None."""
    order = account.order
    if not order.email:
        return Withheld(reason=Reason.NO_ADDRESS, says="Not sent: the order has no e-mail address.")
    if any(question.code == "bad_email" for question in account.questions):
        return Withheld(reason=Reason.NO_ADDRESS, says="Not sent: the e-mail address itself is in question.")
    if order.state == State.CANCELLED and notice.template != "cancellation":
        return Withheld(reason=Reason.CANCELLED, says="Not sent: the order was cancelled meanwhile.")
    objection = _OBJECTIONS.get(notice.template, _none)(account) or _other_date(notice, account)
    return Withheld(reason=Reason.NOT_TRUE, says=f"Not sent: {objection}.") if objection else None


def _other_date(notice: DueNotice, account: Account) -> str:
    """A delay is told with the date that stands, once; the notice of an earlier date is old news."""
    told, standing = notice.data.get("new_latest_on"), account.standing
    if told is None or standing is None or told == standing.now.latest_on.isoformat():
        return ""
    return f"the date is {standing.now.latest_on} by now"


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
    "out_for_delivery": _not_out,
    "delay_notice": _not_late,
    "delivery_confirmation": _not_arrived,
    "cancellation": _not_cancelled,
}
