"""What can be done with an order on its page: each verb with its permission, when it is offered, its form and its command."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.utils.translation import gettext_lazy as _

from milepost.faces.desk import choosing, forms
from milepost.faces.desk.order_page import OrderPage
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused
from milepost.way.cases import commands as cases
from milepost.way.cases.words import DelayDraft
from milepost.way.closeout import commands as closeout
from milepost.way.closeout.words import Answer
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment.words import LabelCorrection, PackedLine, Packing, ParcelDraft, Shipping
from milepost.way.orders import commands as orders
from milepost.way.orders.states import ORDER
from milepost.way.orders.words import HoldKind, State, WantedHold
from milepost.way.tracking import commands as tracking
from milepost.way.tracking.words import Cause, EventDraft, Kind

Values: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """One verb. `name` is its address under the order's; `offered` says when the page shows it; `done` what is said after.
    `leads`: it is the next step of most orders, so its form stands open."""

    name: str
    label: Any
    done: Any
    permission: str
    offered: Callable[[OrderPage], bool]
    perform: Callable[[OrderPage, Any, Act], object]
    form: type[forms.OrderForm] = forms.Reasoned
    danger: bool = False
    in_menu: bool = True
    leads: bool = False


def _confirm(page: OrderPage, form: forms.Reasoned, act: Act) -> None:
    orders.confirm([page.order.id], act=act)


def _acknowledge(page: OrderPage, form: forms.Reasoned, act: Act) -> None:
    orders.acknowledge([page.order.id], act=act)


def _release_hold(page: OrderPage, form: forms.ReleaseHold, act: Act) -> None:
    said = form.cleaned_data
    orders.release([page.order.id], kind=said["kind"], outcome=said["outcome"], act=act)


def _hold(page: OrderPage, form: forms.OpenHold, act: Act) -> None:
    wanted = WantedHold(
        order_id=page.order.id, kind=HoldKind.MANUAL, reason=form.cleaned_data["reason"], role="order_management"
    )
    orders.hold([wanted], act=act)


def _pick(page: OrderPage, form: forms.Reasoned, act: Act) -> None:
    fulfilment.pick([page.order.id], act=act)


def _pack(page: OrderPage, form: forms.Pack, act: Act) -> None:
    weight = form.cleaned_data["weight"]
    lines = tuple(PackedLine(position=position, quantity=quantity) for position, quantity in form.quantities().items())
    parcel = ParcelDraft(lines=lines, weight_grams=int(weight * 1000) if weight else None)
    fulfilment.pack([Packing(order_id=page.order.id, parcels=(parcel,))], act=act)


def _ship(page: OrderPage, form: forms.Ship, act: Act) -> None:
    said = form.cleaned_data
    numbers = tuple(said["tracking_numbers"].replace(",", " ").replace(";", " ").split())
    words = Shipping(
        order_id=page.order.id, carrier=said["carrier"], service=said["service"], tracking_numbers=numbers,
        numbers_confirmed=said["numbers_confirmed"],
    )  # fmt: skip
    fulfilment.ship([words], act=act)


def _correct_label(page: OrderPage, form: forms.CorrectLabel, act: Act) -> None:
    said = form.cleaned_data
    correction = LabelCorrection(
        parcel_id=said["parcel"], carrier=said["carrier"], tracking_number=said["tracking_number"]
    )
    fulfilment.correct_labels([correction], act=act)


def _record_event(page: OrderPage, form: forms.TrackingEvent, act: Act) -> None:
    said = form.cleaned_data
    draft = EventDraft(
        parcel_id=said["parcel"], kind=Kind(said["kind"]), happened_at=said["happened_at"], place=said["place"],
        cause=Cause(said["cause"]) if said["cause"] else None, estimate_on=said["estimate_on"],
        received_by=said["received_by"], message=said["message"],
    )  # fmt: skip
    tracking.record_events([draft], act=act)


def _report_delay(page: OrderPage, form: forms.ReportDelay, act: Act) -> None:
    said = form.cleaned_data
    draft = DelayDraft(
        order_id=page.order.id, cause=said["cause"], new_latest_on=said["new_latest_on"], note=said["note"]
    )
    cases.report_delays([draft], act=act)


def _accept(page: OrderPage, form: forms.Reasoned, act: Act) -> None:
    closeout.accept([page.order.id], act=act)


def _close(page: OrderPage, form: forms.Reasoned, act: Act) -> None:
    orders.close([page.order.id], act=act)


def _cancel(page: OrderPage, form: forms.Cancel, act: Act) -> None:
    _end(page, form, act, verb="cancel")


def _write_off(page: OrderPage, form: forms.Cancel, act: Act) -> None:
    _end(page, form, act, verb="write_off")


def _end(page: OrderPage, form: forms.Cancel, act: Act, *, verb: str) -> None:
    """Cancelling what is in the house and writing off what has left it are one command, but not everybody's to say."""
    if not ORDER.allows(page.order.state, verb):
        raise Refused(ORDER.not_now(page.order.state, verb))
    orders.cancel([page.order.id], reason_code=form.cleaned_data["reason_code"], act=act)


def _may_pick(page: OrderPage) -> bool:
    return _at_warehouse(page) and page.release is not None and page.release.picked_at is None


def _may_pack(page: OrderPage) -> bool:
    return _at_warehouse(page) and any(line.can_be_packed for line in page.lines)


def _at_warehouse(page: OrderPage) -> bool:
    release = page.release
    return release is not None and release.cancelled_at is None and release.shipped_at is None


def _is_awaited(page: OrderPage) -> bool:
    return bool(page.ledger) and page.order.state in (
        State.CONFIRMED, State.PROCESSING, State.PACKED, State.SHIPPED, State.IN_TRANSIT, State.OUT_FOR_DELIVERY,
    )  # fmt: skip


def _may_accept(page: OrderPage) -> bool:
    return page.acceptance is not None and page.acceptance.state in (Answer.ASKED, Answer.DISPUTED)


VERBS = (
    Verb(
        name="confirmation", label=_("Confirm"), done=_("Confirmed."), permission="orders.confirm", perform=_confirm, leads=True,
        offered=lambda page: page.order.state == State.RECEIVED and not any(hold.blocking for hold in page.open_holds),
    ),
    Verb(
        name="pick", label=_("Pick"), done=_("Picked. Next, pack it."), permission="fulfilment.pick", perform=_pick,
        offered=_may_pick, leads=True,
    ),
    Verb(
        name="packing", label=_("Pack"), done=_("Packed. Next, hand it over."), permission="fulfilment.pack",
        perform=_pack, form=forms.Pack, offered=_may_pack, leads=True,
    ),
    Verb(
        name="shipment", label=_("Ship"), done=_("Handed over. The customer is told."), permission="fulfilment.ship",
        perform=_ship, form=forms.Ship, leads=True,
        offered=lambda page: _at_warehouse(page) and page.has_packed,
    ),
    Verb(
        name="tracking-event", label=_("Record a tracking event"), done=_("Recorded."), permission="tracking.record",
        perform=_record_event, form=forms.TrackingEvent, offered=lambda page: page.has_left,
    ),
    Verb(
        name="label", label=_("Correct a label"), done=_("Corrected, and remembered."), permission="fulfilment.ship",
        perform=_correct_label, form=forms.CorrectLabel, offered=lambda page: page.has_left,
    ),
    Verb(
        name="acceptance", label=_("Record acceptance"), done=_("Completed: the customer accepts."),
        permission="closeout.work", perform=_accept, offered=_may_accept, leads=True,
    ),
    Verb(
        name="closing", label=_("Close"), done=_("Closed."), permission="orders.close", perform=_close,
        offered=lambda page: page.order.state == State.COMPLETED,
    ),
    Verb(
        name="acknowledgement", label=_("Acknowledge by hand"), done=_("Noted: the customer was told."),
        permission="orders.enter", perform=_acknowledge,
        offered=lambda page: page.order.acknowledged_at is None and page.order.is_open,
    ),
    Verb(
        name="hold-release", label=_("Release"), done=_("Released."), permission="orders.release", in_menu=False,
        perform=_release_hold, form=forms.ReleaseHold, offered=lambda page: bool(page.open_holds),
    ),
    Verb(
        name="delay", label=_("Report a delay"), done=_("The date is revised and the customer is told."),
        permission="cases.work", perform=_report_delay, form=forms.ReportDelay, offered=_is_awaited,
    ),
    Verb(
        name="hold", label=_("Put on hold"), done=_("On hold."), permission="orders.hold", perform=_hold, form=forms.OpenHold,
        offered=lambda page: page.order.state in (State.RECEIVED, State.CONFIRMED, State.PROCESSING, State.PACKED)
        and all(hold.kind != HoldKind.MANUAL for hold in page.open_holds),
    ),
    Verb(
        name="alternatives", label=_("Record the customer’s choice"), done=_("Recorded, and carried out."),
        permission="orders.amend", perform=choosing.choose, form=choosing.AnswerOffer, offered=choosing.may_choose,
    ),
    Verb(
        name="sending-in-parts", label=_("Send what is there"), done=_("Noted: what is there leaves now, the rest follows."),
        permission="orders.amend", perform=choosing.send_in_parts, offered=choosing.kept_together,
    ),
    Verb(
        name="precedence", label=_("Serve it first"), done=_("It is served before those that have waited longer."),
        permission="stock.allocate", perform=choosing.serve_first, form=choosing.ServeFirst,
        offered=lambda page: any(not one.given for one in page.waiting.values()),
    ),
    Verb(
        name="cancellation", label=_("Cancel the order"), done=_("Cancelled."), permission="orders.cancel", danger=True,
        perform=_cancel, form=forms.Cancel,
        offered=lambda page: ORDER.allows(page.order.state, "cancel"),
    ),
    Verb(
        name="write-off", label=_("Write it off"), done=_("Written off."), permission="orders.write_off", danger=True,
        perform=_write_off, form=forms.Cancel, offered=lambda page: ORDER.allows(page.order.state, "write_off"),
    ),
)  # fmt: skip
BY_NAME = {verb.name: verb for verb in VERBS}
