"""What the customer chose on the phone about lines that are short, and who is served first (STK-2)."""

from dataclasses import replace
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from milepost.faces.desk.forms import Instant, OrderForm
from milepost.faces.desk.order.order_page import OrderPage
from milepost.faces.desk.order.why_not import NO_OFFER
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused
from milepost.way.cases import commands as cases
from milepost.way.cases.words import Choice, LineChoice, OfferAnswer, OfferCard, OfferLine
from milepost.way.stock import commands as stock

ITEM = "item:"


class AnswerOffer(OrderForm):
    """The customer's choice for each line that is short, who said it and when."""

    said_by = forms.CharField(label=_("Who said it"), max_length=200)
    said_at = Instant(label=_("When"))

    def fit(self, page: OrderPage) -> None:
        self.fields["said_by"].initial = page.order.contact_name
        self.fields["said_at"].initial = timezone.localtime().replace(second=0, microsecond=0)
        offer = page.offer
        for line in offer.lines if offer else ():
            if line.position in page.waiting:
                self.fields[f"line_{line.position}"] = forms.ChoiceField(
                    label=line.name, choices=_choices(line, offer), widget=forms.RadioSelect
                )
        self.order_fields([name for name in self.fields if name.startswith("line_")])

    def choices(self) -> dict[int, LineChoice]:
        """What was chosen, by line."""
        said = {name: value for name, value in self.cleaned_data.items() if name.startswith("line_")}
        return {int(name.removeprefix("line_")): _choice(value) for name, value in said.items()}


def _choices(line: OfferLine, offer: OfferCard | None) -> list[tuple[str, Any]]:
    currency = offer.currency if offer else ""
    instead = [
        (f"{ITEM}{one.item_id}", f"{_now('Take')} {one.name} ({one.unit_price:.2f} {currency})")
        for one in line.stand_ins
    ]
    return [
        (Choice.WAIT.value, _("Wait, all together")), (Choice.SHIP_REST.value, _("Send the rest now")), *instead,
        (Choice.CANCEL.value, _("Cancel it")),
    ]  # fmt: skip


def _choice(value: str) -> LineChoice:
    if value.startswith(ITEM):
        return LineChoice(choice=Choice.SUBSTITUTE, item_id=int(value.removeprefix(ITEM)))
    return LineChoice(choice=Choice(value))


class ServeFirst(OrderForm):
    """Why this order is served before those that have waited longer."""

    reason = forms.CharField(label=_("Why it goes first"), max_length=300)


def choose(page: OrderPage, form: Any, act: Act) -> None:
    """Record what the customer said; it is carried out at once."""
    if page.offer is None:
        raise Refused(NO_OFFER)
    answer = OfferAnswer(
        order_id=page.order.id, offer_id=page.offer.id, choices=form.choices(), said_by=form.cleaned_data["said_by"],
        said_at=form.cleaned_data["said_at"],
    )  # fmt: skip
    cases.accept([answer], act=replace(act, channel="phone"))


def send_in_parts(page: OrderPage, form: Any, act: Act) -> None:
    """What is there leaves now; the rest follows."""
    stock.agree_sending([page.order.id], together=False, act=act)


def serve_first(page: OrderPage, form: Any, act: Act) -> None:
    """Put the order before those that have waited longer, with the reason."""
    stock.give_to([page.order.id], act=act)
