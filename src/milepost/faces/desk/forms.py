"""What staff fill in on the desk. A form knows shapes and words; whether it may be done, the command decides."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from milepost.ground.parties.words import CarrierCard
from milepost.kernel.refusals import Refusal
from milepost.way.fulfilment.words import OWN_CARRIER
from milepost.way.promising.words import Cause as PromiseCause
from milepost.way.tracking.words import Cause, Kind

if TYPE_CHECKING:
    from milepost.faces.desk.order.order_page import OrderPage

EVENTS = (
    Kind.IN_TRANSIT, Kind.ARRIVED_HUB, Kind.OUT_FOR_DELIVERY, Kind.DELIVERED, Kind.DELIVERED_NEIGHBOUR,
    Kind.DELIVERED_SAFE_PLACE, Kind.COLLECTED, Kind.ATTEMPT_FAILED, Kind.READY_FOR_PICKUP, Kind.DELAYED, Kind.ADDRESS_PROBLEM,
    Kind.HELD, Kind.DAMAGED, Kind.REFUSED, Kind.LOST, Kind.RETURNING, Kind.RETURNED,
)  # fmt: skip
DELAY_CAUSES = [cause for cause in PromiseCause if cause not in (PromiseCause.NONE, PromiseCause.STOCK_ARRIVED)]
CANCEL_REASONS = (
    ("customer_request", _("The customer wishes it")),
    ("out_of_stock", _("It cannot be had any more")),
    ("payment_failed", _("It was not paid")),
    ("duplicate", _("It was ordered twice")),
    ("fraud", _("It is not genuine")),
    ("other", _("Another reason")),
)

NO_ORDER = (
    ("not_an_order", _("It is no order")),
    ("twice", _("It came twice")),
    ("withdrawn", _("The customer takes it back")),
    ("spam", _("It is spam")),
    ("other", _("Another reason")),
)
"""Why a request is discarded."""


def carrier_choices(carriers: Iterable[CarrierCard]) -> list[tuple[str, Any]]:
    """Who may take a parcel; our own drivers last."""
    return [
        *((card.code, card.name) for card in carriers if card.code != OWN_CARRIER),
        (OWN_CARRIER, _("Our own drivers")),
    ]


def in_words(code: str) -> str:
    """A code as words, for a list of choices."""
    return code.replace("_", " ").capitalize()


class Instant(forms.DateTimeField):
    """An instant, typed in the reader's zone."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class Day(forms.DateField):
    """A calendar day."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _note(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=label, max_length=2000, required=required, widget=widget, help_text=help_text)


class SnoozeDuty(forms.Form):
    """Until when a duty waits, and why."""

    until = Instant(label=_("Wait until"))
    reason = forms.CharField(label=_("Why"), max_length=300)


class CloseDuty(forms.Form):
    """Why a duty is done or needless."""

    reason = forms.CharField(label=_("How it was settled"), max_length=300)


class Publishing(forms.Form):
    """From which day a reviewed version counts."""

    effective_on = Day(label=_("Effective from"), required=False, help_text=_("Empty: from now on."))

    def clean_effective_on(self) -> date | None:
        """A day that is over would make the history say what was not so."""
        day: date | None = self.cleaned_data["effective_on"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(_("That day is over. Choose today or a later one."))
        return day


class OrderForm(forms.Form):
    """A form on an order's page; `page` is what the page shows."""

    def __init__(self, *args: Any, page: "OrderPage", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page = page
        self.fit(page)

    def fit(self, page: "OrderPage") -> None:
        """Fit choices and first values to the order."""

    def seen_again(self, page: "OrderPage") -> "OrderForm":
        """The form with what was typed, on the order as it stands now."""
        return type(self)(self.data, page=page, auto_id=self.auto_id)


class Reasoned(OrderForm):
    """Something that needs no more than an optional note."""

    reason = forms.CharField(label=_("Note"), max_length=300, required=False)


class ReleaseHold(OrderForm):
    """Which hold is released, and how its question was settled."""

    kind = forms.CharField(max_length=20, widget=forms.HiddenInput)
    outcome = _note(
        _("How it was settled"), help_text=_("What the customer said, or what was checked. It stays on record.")
    )


class OpenHold(OrderForm):
    """Why the order shall wait."""

    reason = _note(_("Why it shall wait"))


class Pack(OrderForm):
    """What lies in one parcel, and its weight."""

    weight = forms.DecimalField(
        label=_("Weight in kg"),
        min_value=Decimal("0.001"),
        max_value=2000,
        max_digits=8,
        decimal_places=3,
        required=False,
    )

    def fit(self, page: "OrderPage") -> None:
        for line in page.lines:
            if line.left_to_pack:
                self.fields[f"line_{line.card.position}"] = forms.DecimalField(
                    label=f"{line.card.name or line.card.code}", min_value=Decimal(0), decimal_places=3,
                    initial=line.can_be_packed.normalize(), required=False,
                    help_text=_("in this parcel, of %(left)s left to pack") % {"left": f"{line.left_to_pack.normalize():f}"},
                )  # fmt: skip

    def quantities(self) -> dict[int, Decimal]:
        """Quantity by line; nothing for lines that were left at zero."""
        typed = {name: value for name, value in self.cleaned_data.items() if name.startswith("line_")}
        return {int(name.removeprefix("line_")): value for name, value in typed.items() if value}


class Ship(OrderForm):
    """Who takes it, and the carrier's numbers."""

    carrier = forms.ChoiceField(label=_("Carrier"), required=False)
    service = forms.CharField(label=_("Service"), max_length=60, required=False)
    tracking_numbers = forms.CharField(
        label=_("Tracking numbers"), max_length=400, required=False,
        help_text=_("The carrier's, one for each parcel, with spaces between. Without any, each parcel gets a number of ours."),
    )  # fmt: skip

    numbers_confirmed = forms.BooleanField(
        label=_("The label really says so"), required=False,
        help_text=_("Only when a number was refused because its check digit is wrong, and you read the label again."),
    )  # fmt: skip

    def fit(self, page: "OrderPage") -> None:
        choices = carrier_choices(page.carriers)
        self.fields["carrier"].initial = choices[0][0]
        self.fields["carrier"].choices = [*choices, ("", _("As the tracking number says"))]  # type: ignore[attr-defined]
        self.fields["service"].initial = page.order.service


class CorrectLabel(OrderForm):
    """What really stands on the label of a parcel that has left (TRK-1)."""

    parcel = forms.TypedChoiceField(label=_("Parcel"), coerce=int)
    carrier = forms.ChoiceField(label=_("Carrier"), required=False)
    tracking_number = forms.CharField(
        label=_("Tracking number"), max_length=40, required=False, help_text=_("Left empty, it stays as it is.")
    )

    def fit(self, page: "OrderPage") -> None:
        parcels = [parcel for shipment in page.shipments for parcel in shipment.parcels if parcel.card.shipped_at]
        self.fields["parcel"].choices = [(p.card.id, p.card.tracking_number) for p in parcels]  # type: ignore[attr-defined]
        carriers = [(card.code, card.name) for card in page.carriers if card.code != OWN_CARRIER]
        self.fields["carrier"].choices = [("", _("As it is")), *carriers]  # type: ignore[attr-defined]


class Cancel(OrderForm):
    """Why the order is cancelled."""

    reason_code = forms.ChoiceField(label=_("Why"), choices=CANCEL_REASONS)
    reason = forms.CharField(label=_("Note"), max_length=300, required=False)


class TrackingEvent(OrderForm):
    """What was seen of a parcel (TRK-2)."""

    parcel = forms.TypedChoiceField(label=_("Parcel"), coerce=int)
    kind = forms.ChoiceField(label=_("What happened"), choices=[(kind.value, in_words(kind)) for kind in EVENTS])
    happened_at = Instant(label=_("When"))
    place = forms.CharField(label=_("Where"), max_length=200, required=False)
    cause = forms.ChoiceField(
        label=_("Cause"), required=False, choices=[("", "–"), *((cause.value, in_words(cause)) for cause in Cause)],
        help_text=_("Of a delay or a failed attempt."),
    )  # fmt: skip
    estimate_on = Day(label=_("Now expected on"), required=False)
    received_by = forms.CharField(label=_("Received by"), max_length=200, required=False)
    message = forms.CharField(label=_("Remark"), max_length=500, required=False)

    def fit(self, page: "OrderPage") -> None:
        parcels = [parcel for shipment in page.shipments for parcel in shipment.parcels if parcel.card.shipped_at]
        self.fields["parcel"].choices = [(p.card.id, p.card.tracking_number) for p in parcels]  # type: ignore[attr-defined]
        self.fields["happened_at"].initial = timezone.localtime().replace(second=0, microsecond=0)


class ReportDelay(OrderForm):
    """A delay that we know of before anybody else does (EXC-1)."""

    cause = forms.ChoiceField(label=_("Cause"), choices=[(cause.value, in_words(cause)) for cause in DELAY_CAUSES])
    new_latest_on = Day(label=_("Now expected by"), required=False, help_text=_("Left empty, it is reckoned."))
    note = _note(_("Note"), required=False)


class ReviseDate(OrderForm):
    """Another date for the customer, and why (EXC-2)."""

    latest_on = Day(label=_("There by"))
    cause = forms.ChoiceField(label=_("Cause"), choices=[(cause.value, in_words(cause)) for cause in DELAY_CAUSES])
    explanation = _note(_("What the customer should know"), required=False)

    def fit(self, page: "OrderPage") -> None:
        if page.promise:
            self.fields["latest_on"].initial = page.promise.latest_on

    def clean_latest_on(self) -> date:
        """A day that is over is no promise, and the one that stands is no other."""
        day: date = self.cleaned_data["latest_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("That day is over. Choose today or a later one."))
        if self.page.promise and day == self.page.promise.latest_on:
            raise forms.ValidationError(_("That is the date that stands."))
        return day


class OrdersFile(forms.Form):
    """A file of orders, and whose it is."""

    file = forms.FileField(
        label=_("File"),
        max_length=200,
        help_text=_("CSV, a workbook (XLSX, XLS, ODS), X12 850, EDIFACT ORDERS, or an order in UBL."),
        widget=forms.ClearableFileInput(
            attrs={"accept": ".csv,.txt,.tsv,.xlsx,.xlsm,.xls,.ods,.edi,.x12,.edifact,.xml,text/csv,text/plain"}
        ),
    )
    sender = forms.CharField(
        label=_("From whom"), max_length=200, required=False,
        help_text=_("What their columns mean is remembered under this name, such as an e-mail address or a firm."),
        widget=forms.TextInput(attrs={"list": "senders", "autocomplete": "off"}),
    )  # fmt: skip


def first_errors(form: forms.Form) -> Iterator[Refusal]:
    """What was filled in wrongly, as refusals."""
    for name, errors in form.errors.items():
        label = str(form.fields[name].label) if name in form.fields else ""
        yield Refusal(
            code="bad_form", says="{label}: {error}", do="Correct it and send it again.", field=name,
            values={"label": label, "error": " ".join(str(error) for error in errors)},
        )  # fmt: skip
