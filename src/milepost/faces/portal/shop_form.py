"""A customer's order form as it is typed, for something new or for what was ordered before, and the request that it comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from milepost.faces.look.basket import MOST_ROWS, Basket, TypedLine, reckon
from milepost.faces.look.typed import OF_LINES, Change, Typed, after, with_address
from milepost.faces.look.typed_order import PARTS, TypedOrder, of_address, text
from milepost.faces.portal.customers import Customer
from milepost.ground.catalog import queries as catalog
from milepost.ground.parties.words import CustomerCard, CustomerDraft
from milepost.kernel.facts import canonical
from milepost.kernel.refusals import Refusal
from milepost.way.intake.reading import Origin, origins_json
from milepost.way.intake.words import Address, Draft, Incoming
from milepost.way.orders import queries as orders
from milepost.way.orders.words import OrderCard

RECORD, CATALOGUE = Origin(source="record"), Origin(source="catalogue")


class ShopOrder(TypedOrder):
    """Address, service and what else a customer says; bound to what was typed so far."""

    customer_id = forms.CharField(required=False, max_length=18, widget=forms.HiddenInput)
    q = text(_("Search the catalogue"), 200, attrs={"type": "search"})
    phone = text(_("Phone for questions"), 40, attrs={"inputmode": "tel", "autocomplete": "tel"})


FIELDS = tuple(ShopOrder.base_fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unavailable:
    """A line of an earlier order that cannot be ordered any more."""

    name: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherPrice:
    """A line of an earlier order that costs something else today."""

    name: str
    was: Decimal
    now: Decimal
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """An earlier order as a new form, and what is not as it was then."""

    typed: Typed
    unavailable: tuple[Unavailable, ...] = ()
    other_prices: tuple[OtherPrice, ...] = ()


def begun(customer: Customer) -> Typed:
    """An empty form, with the customer's phone and the address of their last order."""
    last = orders.of_customers(customer.ids, limit=1)
    card = customer.card(last[0].customer_id if last else 0)
    known = of_address(last[0].ship_to) if last else {}
    return Typed.read({"customer_id": str(card.id), "phone": card.phone, **known}, FIELDS)


def ordered_again(order: OrderCard, customer: Customer) -> Again:
    """What was ordered, to be ordered again at today's prices; one statement."""
    lines = [line for line in order.lines if not line.cancelled]
    listed = catalog.by_code([line.code for line in lines])
    typed = Typed.read(
        {
            "customer_id": str(order.customer_id), "phone": order.phone or customer.card(order.customer_id).phone,
            "instructions": order.instructions, "service": order.service, **of_address(order.ship_to),
        },
        FIELDS,
    ).with_lines(
        [
            TypedLine(item=line.code, quantity=f"{line.quantity.normalize():f}", instructions=line.instructions)
            for line in lines if line.code in listed
        ]
    )  # fmt: skip
    return Again(
        typed=typed,
        unavailable=tuple(Unavailable(name=line.name or line.code, code=line.code) for line in lines if line.code not in listed),
        other_prices=tuple(
            OtherPrice(name=line.name, was=line.unit_price, now=item.price, currency=item.currency)
            for line in lines if (item := listed.get(line.code)) and item.price != line.unit_price
        ),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """The form with stock, prices, date and the address book."""

    typed: Typed
    form: ShopOrder
    basket: Basket
    customer: Customer
    card: CustomerCard
    addresses: Sequence[Address]

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

    def incoming(self) -> Incoming:
        """The request with its original: the form as it was typed (REC-1)."""
        said, card, email = self.form.said, self.card, self.customer.email
        draft = Draft(
            customer=CustomerDraft(
                external_ref=card.external_ref, name=card.name or said.get("ship_name", ""), email=email,
                phone=said.get("phone", ""), language=card.language, zone=card.zone,
            ),
            customer_id=card.id, ship_to=self.form.address, lines=self.basket.drafts(), currency=self.basket.currency,
            po_number=said.get("po_number", ""), instructions=said.get("instructions", ""), service=said.get("service", ""),
        )  # fmt: skip
        raw = canonical({"form": self.typed.as_fields(), "ordered_by": f"customer:{card.id}"})
        return Incoming(draft=draft, raw=raw, sender=email, origins=origins_json(self._origins()))

    def _origins(self) -> dict[str, Origin]:
        """What the customer did not type: their record, an earlier address, the list's prices."""
        who = {f"customer.{name}": RECORD for name in ("name", "email") if name == "email" or self.card.name}
        if self.form.said.get("phone") == self.card.phone:
            who["customer.phone"] = RECORD
        address = self.form.address
        where = (
            {f"ship_to.{part}": RECORD for part in PARTS if getattr(address, part)} if address in self.addresses else {}
        )
        return who | where | {f"lines.{place}.price": CATALOGUE for place, _row in enumerate(self.basket.filled)}


def known_about(typed: Typed, customer: Customer, *, now: datetime, look_up: str = "") -> Reckoned:
    """The form with all that is shown beside it. Five statements, three more for a row that is looked up."""
    card = customer.card(typed.customer)
    typed = typed.but(customer_id=str(card.id))
    basket = reckon(
        typed.lines, now=now, country=typed.fields["ship_country"], service=typed.fields["service"], zone=card.zone,
        look_up=look_up, priced=False,
    )  # fmt: skip
    return Reckoned(
        typed=typed, form=ShopOrder(typed.fields), basket=basket, customer=customer, card=card,
        addresses=orders.addresses_of(customer.ids),
    )  # fmt: skip


def changed(typed: Typed, do: str, addresses: Sequence[Address]) -> tuple[Typed, str]:
    """The form after a button, and the name of the field that comes next."""
    changes: Mapping[str, Change] = {
        **OF_LINES, "add": _add, "use_address": lambda form, which: with_address(form, which, addresses),
    }  # fmt: skip
    return after(typed, do, changes)


def _add(typed: Typed, code: str) -> tuple[Typed, str]:
    """One more of an item that was found: a row of its own, or one more in its row."""
    for place, line in enumerate(typed.lines):
        if line.item.strip() == code and line.quantity.strip().isdecimal():
            more = TypedLine(
                place=line.place, item=code, quantity=str(int(line.quantity) + 1), instructions=line.instructions
            )
            return typed.with_lines([*typed.lines[:place], more, *typed.lines[place + 1 :]]), "q"
    if len(typed.lines) >= MOST_ROWS:
        return typed, "q"
    number = max((line.place for line in typed.lines), default=-1) + 1
    return typed.with_lines([*typed.lines, TypedLine(place=number, item=code, quantity="1")]), "q"
