"""What is typed of an order beside its lines: whom it goes to, how, and what else was said. Nothing of it must be there: what is
missing for an order to go on, verification finds and asks (VER-1)."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from milepost.faces.look.countries import countries
from milepost.ground.procedures import queries as procedures
from milepost.way.intake.words import Address

PARTS = ("name", "company", "street", "postal_code", "city", "region", "country")


def text(label: Any, most: int, **more: Any) -> forms.CharField:
    """One line of text that may be empty."""
    widget = forms.TextInput(attrs={"maxlength": most, **more.pop("attrs", {})})
    return forms.CharField(label=label, max_length=most, required=False, widget=widget, **more)


class TypedOrder(forms.Form):
    """Address, service, purchase order and instructions. Bound to what was typed so far, whole or half."""

    ship_name = text(_("Recipient"), 200, attrs={"autocomplete": "off"})
    ship_company = text(_("Company"), 200, attrs={"autocomplete": "off"})
    ship_street = forms.CharField(
        label=_("Street and number"), max_length=300, required=False,
        widget=forms.Textarea(attrs={"rows": 1, "maxlength": 300, "class": "one-line", "autocomplete": "off"}),
    )  # fmt: skip
    ship_postal_code = text(_("Postal code"), 20, attrs={"autocomplete": "off"})
    ship_city = text(_("City"), 120, attrs={"autocomplete": "off"})
    ship_region = text(_("Region or state"), 120, attrs={"autocomplete": "off"})
    ship_country = forms.ChoiceField(label=_("Country"), required=False)
    service = forms.ChoiceField(label=_("Service"), required=False)
    po_number = text(_("Purchase order number"), 80)
    instructions = forms.CharField(
        label=_("Instructions"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 2000}),
    )

    def __init__(self, data: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(dict(data), **kwargs)
        fields: Any = self.fields
        fields["ship_country"].choices = [("", "–"), *countries(get_language() or "en")]
        services = procedures.book().promising.services
        fields["service"].choices = [
            ("", _("As usual")),
            *((name, gettext(name.replace("_", " ").capitalize())) for name in services),
        ]

    def begin_at(self, name: str) -> None:
        """Let the cursor stand in the field of this name, if there is one."""
        if name in self.fields:
            self.fields[name].widget.attrs["autofocus"] = True

    @property
    def said(self) -> dict[str, str]:
        """What was typed and fits, without blanks around it."""
        self.is_valid()
        return {name: str(value).strip() for name, value in self.cleaned_data.items()}

    @property
    def address(self) -> Address:
        """Where it goes."""
        said = self.said
        return Address(**{part: said.get(f"ship_{part}", "") for part in PARTS})


def of_address(address: Address) -> dict[str, str]:
    """An address as the form's fields."""
    return {f"ship_{part}": getattr(address, part) for part in PARTS}
