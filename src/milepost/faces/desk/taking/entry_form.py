"""The phone form as it is typed: its fields and rows, what buttons change in them, and the order request that they come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from milepost.faces.look.amounts import read_amount
from milepost.faces.look.basket import Basket, reckon
from milepost.faces.look.typed import OF_LINES, Change, Typed, after, number_in, with_address
from milepost.faces.look.typed_order import PARTS, TypedOrder, text
from milepost.ground.parties import queries as parties
from milepost.ground.parties.words import CustomerCard, CustomerDraft
from milepost.kernel.facts import canonical
from milepost.kernel.refusals import Refusal
from milepost.way.intake.reading import Origin, Sure, origins_json
from milepost.way.intake.words import Address, Draft, Incoming
from milepost.way.orders import queries as orders

BY = ("name", "email", "phone")
CHOSEN = "customer_id"
BESIDES = ("po_number", "payment_reference", "instructions", "service", "freight")
RECORD, CATALOGUE = Origin(source="record"), Origin(source="catalogue")


class PhoneOrder(TypedOrder):
    """Who calls, and all that is said besides the lines. Bound to what was typed so far."""

    customer_id = forms.CharField(required=False, max_length=18, widget=forms.HiddenInput)
    find = text(_("Phone number, name, e-mail or customer number"), 200)
    name = text(_("Name"), 200)
    phone = text(_("Phone"), 40, attrs={"inputmode": "tel"})
    email = text(_("E-mail"), 254, attrs={"inputmode": "email", "autocapitalize": "off"})
    payment_reference = text(_("Payment reference"), 120)
    freight = text(_("Freight"), 14, attrs={"inputmode": "decimal", "placeholder": "0.00"})

    def clean_freight(self) -> str:
        """An amount, or nothing."""
        typed = str(self.cleaned_data["freight"])
        amount, problem = read_amount(typed)
        if problem or (amount is not None and amount != amount.quantize(Decimal("0.01"))):
            raise forms.ValidationError(problem or _("An amount has two decimals at most."))
        return typed


FIELDS = tuple(PhoneOrder.base_fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """The form with all that is known about it."""

    typed: Typed
    form: PhoneOrder
    basket: Basket
    customer: CustomerCard | None
    addresses: Sequence[Address] = ()

    @property
    def draft(self) -> Draft:
        """The order request that it comes to; of rows with problems nothing."""
        said, customer = self.form.said, self.customer
        freight, _problem = read_amount(said.get("freight", ""))
        return Draft(
            customer=CustomerDraft(
                external_ref=customer.external_ref if customer else "", name=said.get("name", ""), email=said.get("email", ""),
                phone=said.get("phone", ""), language=customer.language if customer else "", zone=customer.zone if customer else "",
            ),
            customer_id=customer.id if customer else 0, ship_to=self.form.address, lines=self.basket.drafts(),
            currency=self.basket.currency, po_number=said.get("po_number", ""), freight=freight or Decimal(0),
            payment_reference=said.get("payment_reference", ""), instructions=said.get("instructions", ""),
            service=said.get("service", ""),
        )  # fmt: skip

    @property
    def problems(self) -> list[Refusal]:
        """Why it cannot be sent as it stands, each with its field."""
        self.form.is_valid()
        wrong = [
            Refusal(
                code="bad_form", says="{label}: {error}", field=name,
                values={"label": str(self.form.fields[name].label), "error": " ".join(map(str, errors))},
            )
            for name, errors in self.form.errors.items()
        ]  # fmt: skip
        return wrong + self.basket.problems

    def incoming(self, typed_by: str) -> Incoming:
        """The request with its original: the form as it was typed, and by whom (REC-1)."""
        raw = canonical({"form": self.typed.as_fields(), "typed_by": typed_by})
        return Incoming(
            draft=self.draft, raw=raw, sender=self.form.said.get("phone", "") or self.form.said.get("name", ""),
            origins=origins_json(self._origins(typed_by)),
        )  # fmt: skip

    def _origins(self, typed_by: str) -> dict[str, Origin]:
        """Where each value came from: the record, the catalogue, or what the clerk heard and typed."""
        heard = Origin(source="clerk", sure=Sure.BY_CLERK, text=typed_by)
        said, address = self.form.said, self.form.address
        by = {f"customer.{name}": self._who(name, heard) for name in BY if said.get(name)}
        to = RECORD if address in self.addresses else heard
        where = {f"ship_to.{part}": to for part in PARTS if getattr(address, part)}
        besides = {name: heard for name in BESIDES if said.get(name)}
        return by | where | besides | self._of_lines(heard)

    def _who(self, name: str, heard: Origin) -> Origin:
        return RECORD if self.customer and self.form.said[name] == getattr(self.customer, name) else heard

    def _of_lines(self, heard: Origin) -> dict[str, Origin]:
        found: dict[str, Origin] = {}
        for place, row in enumerate(self.basket.filled):
            price = heard if row.typed.price.strip() else CATALOGUE
            said = {"code": heard, "quantity": heard, "price": price}
            found |= {f"lines.{place}.{name}": origin for name, origin in said.items()}
        return found


def known_about(typed: Typed, *, now: datetime, look_up: str = "") -> Reckoned:
    """The form with stock, prices, the date that would be promised, the customer and their addresses. Seven statements at most."""
    customer = parties.cards([typed.customer]).get(typed.customer) if typed.customer else None
    typed = typed if customer else typed.but(**{CHOSEN: ""})
    basket = reckon(
        typed.lines, now=now, country=typed.fields["ship_country"], service=typed.fields["service"], look_up=look_up,
        zone=customer.zone if customer else "",
    )  # fmt: skip
    addresses = orders.addresses_of([customer.id]) if customer else ()
    return Reckoned(typed=typed, form=PhoneOrder(typed.fields), basket=basket, customer=customer, addresses=addresses)


def changed(typed: Typed, do: str) -> tuple[Typed, str]:
    """The form after a button, and the name of the field that comes next."""
    return after(typed, do, CHANGES)


def _use_customer(typed: Typed, what: str) -> tuple[Typed, str]:
    card = parties.cards([number_in(what)]).get(number_in(what))
    if card is None:
        return typed, "find"
    filled = {name: getattr(card, name) for name in BY}
    return typed.but(**{CHOSEN: str(card.id), "find": ""}, **filled), typed.first_free


def _another_customer(typed: Typed, what: str) -> tuple[Typed, str]:
    return typed.but(**dict.fromkeys((CHOSEN, "find", *BY), "")), "find"


def _find_customer(typed: Typed, what: str) -> tuple[Typed, str]:
    return typed, "customer-match"


def _use_address(typed: Typed, what: str) -> tuple[Typed, str]:
    known = orders.addresses_of([typed.customer]) if typed.customer else []
    return with_address(typed, what, known)


CHANGES: Mapping[str, Change] = {
    "use_customer": _use_customer, "another_customer": _another_customer, "find_customer": _find_customer,
    "use_address": _use_address, **OF_LINES,
}  # fmt: skip
