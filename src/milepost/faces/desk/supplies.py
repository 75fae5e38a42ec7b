"""Incoming supply: what is to come, what is corrected, and what has arrived (STK-2)."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from milepost.faces.desk import who
from milepost.faces.desk.forms import Day, first_errors
from milepost.ground.catalog import queries as catalog
from milepost.kernel.refusals import Refusal, Refused
from milepost.way.stock import commands as stock
from milepost.way.stock import queries as levels
from milepost.way.stock.words import Arrival, SupplyCorrection, SupplyDraft

ON_ONE_PAGE = 200
UNKNOWN_ITEM = Refusal(
    code="unknown_item", says="There is no item with this code.", do="Check the code, or list the item first.", field="code"
)  # fmt: skip


def _quantity(label: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=11, decimal_places=3)


class Announced(forms.Form):
    """Goods that are to come."""

    code = forms.CharField(label=_("Item’s code"), max_length=64)
    quantity = _quantity(_("Quantity"))
    due_on = Day(label=_("Due on"), required=False, help_text=_("Left empty: nobody knows yet."))
    location = forms.CharField(label=_("Location"), max_length=32, initial="MAIN")
    reference = forms.CharField(label=_("Supplier’s number"), max_length=80, required=False)


class Corrected(forms.Form):
    """What is now known of them."""

    quantity = _quantity(_("Quantity in all"))
    due_on = Day(label=_("Due on"), required=False)
    cancelled = forms.BooleanField(label=_("They will not come"), required=False)


class Arrived(forms.Form):
    """How many are here."""

    quantity = _quantity(_("Quantity"))
    last = forms.BooleanField(label=_("No more will come"), required=False)


@who.needs("stock.read", acts="stock.receive")
@require_http_methods(["GET", "HEAD", "POST"])
def incoming(request: HttpRequest) -> HttpResponse:
    """All that is to come; announce more."""
    if request.method != "POST":
        return _show(request, Announced())
    form = Announced(request.POST)
    if not form.is_valid():
        return _show(request, form, status=422)
    said = form.cleaned_data
    try:
        draft = SupplyDraft(
            item_id=_item(said["code"].strip()), location=said["location"].strip(), quantity=said["quantity"],
            due_on=said["due_on"], reference=said["reference"].strip(),
        )  # fmt: skip
        stock.expect_supply([draft], act=who.act(request))
    except Refused as refused:
        return _show(request, form, refusals=refused.refusals, status=refused.status)
    messages.success(request, _("Announced. Those who wait for it have their date."))
    return redirect("desk:incoming")


@who.needs("stock.receive")
@require_POST
def correct(request: HttpRequest, supply_id: UUID) -> HttpResponse:
    """More, less, later, sooner, or not at all."""
    form = Corrected(request.POST)
    try:
        said = _said(form)
        correction = SupplyCorrection(
            supply_id=supply_id, quantity=said["quantity"], due_on=said["due_on"], cancelled=said["cancelled"]
        )
        stock.correct_supply([correction], act=who.act(request))
    except Refused as refused:
        return _show(request, Announced(), refusals=refused.refusals, status=refused.status)
    messages.success(request, _("Corrected. Customers who are promised an earlier date are told."))
    return redirect("desk:incoming")


@who.needs("stock.receive")
@require_POST
def arrive(request: HttpRequest, supply_id: UUID) -> HttpResponse:
    """They are here, or some of them are."""
    form = Arrived(request.POST)
    try:
        said = _said(form)
        stock.arrive([Arrival(supply_id=supply_id, quantity=said["quantity"], last=said["last"])], act=who.act(request))
    except Refused as refused:
        return _show(request, Announced(), refusals=refused.refusals, status=refused.status)
    messages.success(request, _("Received. The oldest promises are served first."))
    return redirect("desk:incoming")


def _item(code: str) -> int:
    item = catalog.by_code([code]).get(code)
    if item is None:
        raise Refused(UNKNOWN_ITEM)
    return item.id


def _said(form: forms.Form) -> dict[str, Any]:
    if not form.is_valid():
        raise Refused(*first_errors(form))
    return form.cleaned_data


def _show(
    request: HttpRequest, form: Announced, *, refusals: tuple[Refusal, ...] = (), status: int = 200
) -> HttpResponse:
    cards = levels.announced(limit=ON_ONE_PAGE)
    items = catalog.by_id(sorted({card.item_id for card in cards}))
    rows = [(card, items[card.item_id]) for card in cards]
    shown = {"rows": rows, "form": form, "refusals": refusals, "may_change": who.staff(request).may("stock.receive")}
    return render(request, "desk/incoming.html", shown, status=status)
