"""What can be done with an order on its page: each verb with its permission, when it is offered, its form and its command."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.utils.translation import gettext_lazy as _

from milepost.faces.desk import forms
from milepost.faces.desk.order import amending, choosing, why_not
from milepost.faces.desk.order.heeding import AGREED, ALL, HOLDS, LABELS, STATES
from milepost.faces.desk.order.order_holds import none_is_mine
from milepost.faces.desk.order.order_page import OrderPage
from milepost.ground.access.models import Staff
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal, refuse_any
from milepost.way.cases import commands as cases
from milepost.way.cases.words import DelayDraft
from milepost.way.closeout import commands as closeout
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment.words import LabelCorrection, PackedLine, Packing, ParcelDraft, Shipping
from milepost.way.orders import commands as orders
from milepost.way.orders.words import HoldKind, WantedHold
from milepost.way.promising import commands as promising
from milepost.way.promising.words import Cause as Why
from milepost.way.promising.words import Revision
from milepost.way.tracking import commands as tracking
from milepost.way.tracking.words import Cause, EventDraft, Kind

Values: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """One verb. `name` is its address under the order's; `why_not` says why the order, as it stands, does not let it be said,
    None where it does; `not_mine` why I of all people cannot; `heeds` the kinds of facts which who says it must have seen;
    `done` what is said after.
    `leads`: it is the next step of most orders, so its form stands open."""

    name: str
    label: Any
    done: Any
    permission: str
    why_not: Callable[[OrderPage], Refusal | None]
    perform: Callable[[OrderPage, Any, Act], object]
    form: type[forms.OrderForm] = forms.Reasoned
    heeds: frozenset[str] = ALL
    danger: bool = False
    in_menu: bool = True
    leads: bool = False
    not_mine: Callable[[OrderPage, Staff], Refusal | None] | None = None

    def offered(self, page: OrderPage) -> bool:
        """Whether the order, as it stands, lets it be said."""
        return self.why_not(page) is None

    def refusal(self, page: OrderPage, me: Staff) -> Refusal | None:
        """Why I cannot say it now, None where I can: it is for others to do, or the order does not let it be said."""
        if not me.may(self.permission):
            return why_not.not_theirs(self.permission)
        return self.why_not(page) or (self.not_mine(page, me) if self.not_mine else None)


def offered(page: OrderPage, me: Staff) -> list[Verb]:
    """The verbs that the order's state and my roles allow."""
    return [verb for verb in VERBS if verb.refusal(page, me) is None]


def refused(page: OrderPage, me: Staff) -> list[tuple[Verb, Refusal]]:
    """The verbs that cannot be said now, each with why not."""
    return [(verb, why) for verb in VERBS if (why := verb.refusal(page, me)) is not None]


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


def _revise(page: OrderPage, form: forms.ReviseDate, act: Act) -> None:
    """The ledger also takes dates that follow from others; a person gives one only while it is awaited."""
    refuse_any(why for why in [why_not.await_it(page)] if why)
    said = form.cleaned_data
    revision = Revision(
        order_id=page.order.id, latest_on=said["latest_on"], cause=Why(said["cause"]), explanation=said["explanation"]
    )
    promising.revise([revision], act=act)


def _cancel(page: OrderPage, form: forms.Cancel, act: Act) -> None:
    _end(page, form, act, unless=why_not.cancel)


def _write_off(page: OrderPage, form: forms.Cancel, act: Act) -> None:
    _end(page, form, act, unless=why_not.write_off)


def _end(page: OrderPage, form: forms.Cancel, act: Act, *, unless: Callable[[OrderPage], Refusal | None]) -> None:
    """Cancelling what is in the house and writing off what has left it are one command, but not everybody's to say."""
    refuse_any(why for why in [unless(page)] if why)
    orders.cancel([page.order.id], reason_code=form.cleaned_data["reason_code"], act=act)


VERBS = (
    Verb(
        name="confirmation", label=_("Confirm"), done=_("Confirmed."), permission="orders.confirm", perform=_confirm, leads=True,
        why_not=why_not.confirm,
    ),
    Verb(
        name="pick", label=_("Pick"), done=_("Picked. Next, pack it."), permission="fulfilment.pick", perform=_pick,
        why_not=why_not.pick, leads=True,
    ),
    Verb(
        name="packing", label=_("Pack"), done=_("Packed. Next, hand it over."), permission="fulfilment.pack",
        perform=_pack, form=forms.Pack, why_not=why_not.pack, leads=True,
    ),
    Verb(
        name="shipment", label=_("Ship"), done=_("Handed over. The customer is told."), permission="fulfilment.ship",
        perform=_ship, form=forms.Ship, leads=True,
        why_not=why_not.ship,
    ),
    Verb(
        name="tracking-event", label=_("Record a tracking event"), done=_("Recorded."), permission="tracking.record",
        perform=_record_event, form=forms.TrackingEvent, why_not=why_not.of_parcels, heeds=LABELS,
    ),
    Verb(
        name="label", label=_("Correct a label"), done=_("Corrected, and remembered."), permission="fulfilment.ship",
        perform=_correct_label, form=forms.CorrectLabel, why_not=why_not.of_parcels, heeds=LABELS,
    ),
    Verb(
        name="acceptance", label=_("Record acceptance"), done=_("Completed: the customer accepts."),
        permission="closeout.work", perform=_accept, why_not=why_not.accept, leads=True,
    ),
    Verb(
        name="closing", label=_("Close"), done=_("Closed."), permission="orders.close", perform=_close,
        why_not=why_not.close,
    ),
    Verb(
        name="acknowledgement", label=_("Acknowledge by hand"), done=_("Noted: the customer was told."),
        permission="orders.enter", perform=_acknowledge,
        why_not=why_not.acknowledge, heeds=AGREED | STATES | {"OrderAcknowledged"},
    ),
    Verb(
        name="hold-release", label=_("Release"), done=_("Released."), permission="orders.release", in_menu=False,
        perform=_release_hold, form=forms.ReleaseHold, why_not=why_not.release, not_mine=none_is_mine,
        heeds=HOLDS | AGREED | STATES,
    ),
    Verb(
        name="delay", label=_("Report a delay"), done=_("The date is revised and the customer is told."),
        permission="cases.work", perform=_report_delay, form=forms.ReportDelay, why_not=why_not.await_it,
    ),
    Verb(
        name="date", label=_("Give another date"), done=_("The new date stands, the old one stays on record."),
        permission="promises.revise", perform=_revise, form=forms.ReviseDate, why_not=why_not.await_it,
    ),
    Verb(
        name="hold", label=_("Put on hold"), done=_("On hold."), permission="orders.hold", perform=_hold, form=forms.OpenHold,
        why_not=why_not.hold,
    ),
    Verb(
        name="alternatives", label=_("Record the customer’s choice"), done=_("Recorded, and carried out."),
        permission="orders.amend", perform=choosing.choose, form=choosing.AnswerOffer, why_not=why_not.choose,
    ),
    Verb(
        name="sending-in-parts", label=_("Send what is there"), done=_("Noted: what is there leaves now, the rest follows."),
        permission="orders.amend", perform=choosing.send_in_parts, why_not=why_not.send_in_parts,
    ),
    Verb(
        name="precedence", label=_("Serve it first"), done=_("It is served before those that have waited longer."),
        permission="stock.allocate", perform=choosing.serve_first, form=choosing.ServeFirst,
        why_not=why_not.serve_first,
    ),
    Verb(
        name="amendment", label=_("Amend the order"), done=_("Amended, with what stood there before on record."),
        permission="orders.amend", in_menu=False, perform=amending.amend, form=amending.AmendOrder, why_not=why_not.amend,
        heeds=AGREED | STATES | {"ShipmentPacked", "ShipmentShipped", "ShipmentCancelled"},
    ),
    Verb(
        name="cancellation", label=_("Cancel the order"), done=_("Cancelled."), permission="orders.cancel", danger=True,
        perform=_cancel, form=forms.Cancel, why_not=why_not.cancel,
    ),
    Verb(
        name="write-off", label=_("Write it off"), done=_("Written off."), permission="orders.write_off", danger=True,
        perform=_write_off, form=forms.Cancel, why_not=why_not.write_off,
    ),
)  # fmt: skip
BY_NAME = {verb.name: verb for verb in VERBS}
