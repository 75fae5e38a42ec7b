"""The living page of the design system: each token and each component with its states, from the same templates that pages use."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from milepost.faces.desk import tokens, who
from milepost.faces.look.basket import Basket, Row, TypedLine
from milepost.faces.look.questions import Asked
from milepost.faces.look.stages import stage_line
from milepost.ground.catalog.words import ItemCard
from milepost.kernel.refusals import Refusal
from milepost.way.intake.questions import Question

CHANNELS = ("email", "sms", "phone", "in_app", "portal", "web_push", "staff_alert")
EXAMPLE = Refusal(
    code="example", says="The order {reference} has left the house.", do="Cancel it with the carrier, or wait for its return.",
    values={"reference": "M7K3-Q9XD-2C"},
)  # fmt: skip


class Example(forms.Form):
    """A field of each sort, one of them filled in wrongly."""

    name = forms.CharField(label=_("Name"), help_text=_("As on the label."))
    day = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.ChoiceField(
        label=_("Why"), choices=[("", "–"), ("late", _("Too late")), ("other", _("Another reason"))]
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    agreed = forms.BooleanField(label=_("The label really says so"), required=False)


@who.needs("look.read")
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Tokens and components."""
    light, dark = tokens.schemes()
    wrong = Example({"day": "soon", "note": "Left at the door", "agreed": "on"})
    wrong.is_valid()
    return render(
        request, "desk/components.html",
        {
            "tokens": [(name, colour, dark.get(name, colour)) for name, colour in light.items()], "pairs": tokens.pairs(),
            "form": Example(auto_id="id_empty_%s"), "wrong": wrong, "refusals": (EXAMPLE,), "told": _told(), "steps": _steps(),
            "channels": CHANNELS, "short": Example(auto_id="id_short_%s"), "chips": _chips(), **_typed(),
        },
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """A message as the framework keeps it: its level and its words."""

    level_tag: str
    text: Any

    def __str__(self) -> str:
        return str(self.text)


def _chips() -> list[tuple[Any, str, bool, int | None]]:
    return [(_("All"), "#words", True, None), (_("Overdue"), "#words", False, 2)]


def _told() -> list[Said]:
    return [
        Said("success", _("Kept as a draft. A colleague reviews it.")), Said("warning", _("It waits for stock.")),
        Said("error", _("It was not sent.")),
    ]  # fmt: skip


def _steps() -> list[Any]:
    return stage_line("packed", ())


def _typed() -> dict[str, Any]:
    kettle = ItemCard(id=1, code="KET-17", name="Kettle", price=Decimal("39.90"), currency="EUR")
    known: dict[str, Any] = {"item": kettle, "price": kettle.price, "free": Decimal(5)}
    rows = (
        Row(typed=TypedLine(place=0, item="KET-17", quantity="2"), quantity=Decimal(2), **known),
        Row(typed=TypedLine(place=1, item="KET-17", quantity="9"), quantity=Decimal(9), **known),
        Row(typed=TypedLine(place=2, item="ketle"), problem=str(_("There is no such item.")), matches=(kettle,)),
    )
    asked = Question(
        finding_id=UUID(int=1), order_id=1, code="invalid", field="ship_to.postal_code", value="1011", confirm=True, blocking=True,
        expected="a postal code as it is written in Germany", question="Could you check the postal code of your delivery address?",
    )  # fmt: skip
    return {
        "basket": Basket(rows=rows, currency="EUR"), "items": (kettle,), "asked_questions": (Asked(asked, wrong=(EXAMPLE,)),),
        "now": timezone.now(), "late": timezone.now() - timedelta(hours=3),
    }  # fmt: skip
