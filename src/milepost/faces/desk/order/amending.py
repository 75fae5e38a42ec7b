"""Amending an order on its page: whoever, where, what and with which words; only what was changed is sent (VER-3).

Each field comes back with what stood in it when the page was opened, so two people who change different fields of one order do
not undo each other, and where both changed the same one, both words are shown.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from milepost.faces.desk.forms import OrderForm
from milepost.faces.desk.order.order_page import OrderPage
from milepost.faces.look.countries import countries
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal, Refused
from milepost.way.intake.words import Contact, ContactKind
from milepost.way.orders import commands as orders
from milepost.way.orders.amending import OF_A_CONTACT, PARTS, TEXTS
from milepost.way.orders.words import Amendment, Change, NewLine, State

NOTHING_CHANGED = Refusal(
    code="nothing_changed", says="Nothing was changed.", do="Change what shall be different, and send it again."
)
LABELS = {
    "contact_name": _("Name"), "email": _("E-mail"), "phone": _("Phone"), "ship_to.name": _("Recipient"),
    "ship_to.company": _("Company"), "ship_to.street": _("Street and number"), "ship_to.postal_code": _("Postal code"),
    "ship_to.city": _("City"), "ship_to.region": _("Region"), "ship_to.country": _("Country"),
    "instructions": _("Instructions"), "po_number": _("PO number"), "payment_reference": _("Payment reference"),
    "service": _("Service"), "freight": _("Freight"), "tax": _("Tax"), "charges": _("Other charges"),
}  # fmt: skip
"""The fields of an order as people call them."""
OF_A_LINE = {"item": _("Item code"), "quantity": _("Quantity"), "price": _("Price"), "cancelled": _("Cancelled")}
KINDS = (
    (ContactKind.STAKEHOLDER.value, _("Wants to know how it stands")),
    (ContactKind.RECIPIENT.value, _("Receives the goods")),
)
_LONG = ("instructions", "ship_to.street")
_WHO, _SAID = ("contact_name", "email", "phone"), ("instructions", "po_number", "payment_reference", "service")


class LongSelect(forms.Select):
    """A choice of hundreds, written at once: Django renders a template for each."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The field as HTML."""
        chosen = str(value or "")
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((code, " selected" if code == chosen else "", said) for code, said in self.choices),
        )
        return format_html(
            '<select name="{}"{}>{}</select>', name, flatatt(self.build_attrs(self.attrs, attrs)), options
        )


class AmendOrder(OrderForm):
    """What shall be different of an order, why, and who said so."""

    said_by = forms.CharField(label=_("Who said so"), max_length=200, required=False)
    reason = forms.CharField(label=_("Why"), max_length=300)

    def fit(self, page: OrderPage) -> None:
        order = page.order
        self._texts(_WHO)
        if order.first_shipped_at is None:
            for part in PARTS:
                self._part(part)
        self._texts(_SAID)
        if order.state != State.PACKED:
            for line in page.lines:
                self._line(line.card.position, line.card)
            self.fields["add_item"] = forms.CharField(label=_("Item code"), max_length=80, required=False)
            self.fields["add_quantity"] = _amount(_("Quantity"), 3)
        for place, contact in enumerate(order.contacts, start=1):
            self._contact(f"contacts.{place}", contact)
            self.fields[f"contacts.{place}.removed"] = forms.BooleanField(label=_("Remove"), required=False)
        self.fields["add_kind"] = forms.ChoiceField(label=_("Who it is"), choices=KINDS, required=False)
        for part, most in OF_A_CONTACT.items():
            self.fields[f"add_{part}"] = forms.CharField(label=_PARTS[part], max_length=most, required=False)
        for name, field in self.fields.items():
            field.show_hidden_initial = name not in ("said_by", "reason")

    def _texts(self, names: tuple[str, ...]) -> None:
        for name in names:
            self.fields[name] = _text(name, getattr(self.page.order, name), TEXTS[name])

    def _part(self, part: str) -> None:
        name, stands = f"ship_to.{part}", getattr(self.page.order.ship_to, part)
        if part == "country":
            known = dict(countries())
            unknown = [] if stands in known else [(stands, stands or "–")]
            self.fields[name] = forms.ChoiceField(
                label=LABELS[name], choices=[*unknown, *countries()], initial=stands, widget=LongSelect()
            )
        else:
            self.fields[name] = _text(name, stands, 200)

    def _line(self, position: int, line: Any) -> None:
        where = f"lines.{position}"
        self.fields[f"{where}.item"] = forms.CharField(label=OF_A_LINE["item"], max_length=80, initial=line.code)
        self.fields[f"{where}.quantity"] = _amount(OF_A_LINE["quantity"], 3, _plainly(line.quantity))
        self.fields[f"{where}.price"] = _amount(OF_A_LINE["price"], 4, _plainly(line.unit_price))
        self.fields[f"{where}.cancelled"] = forms.BooleanField(
            label=OF_A_LINE["cancelled"], required=False, initial=line.cancelled
        )

    def _contact(self, where: str, contact: Contact) -> None:
        for part, most in OF_A_CONTACT.items():
            self.fields[f"{where}.{part}"] = forms.CharField(
                label=_PARTS[part], max_length=most, required=False, initial=getattr(contact, part)
            )

    def groups(self) -> Iterator[tuple[Any, list[Any]]]:
        """The fields as they belong together, each group with its name."""
        order = self.page.order
        yield _("Customer"), self._all(*_WHO)
        yield _("Ship to"), self._all(*(f"ship_to.{part}" for part in PARTS))
        for line in order.lines:
            yield (
                f"{line.position}. {line.name or line.code}",
                self._all(*(f"lines.{line.position}.{what}" for what in OF_A_LINE)),
            )
        yield _("Another line"), self._all("add_item", "add_quantity")
        yield _("Words"), self._all(*_SAID)
        for place, one in enumerate(order.contacts, start=1):
            named = one.name or one.email or one.phone
            fields = (f"contacts.{place}.{part}" for part in (*OF_A_CONTACT, "removed"))
            yield f"{dict(KINDS)[one.kind.value]}: {named}", self._all(*fields)
        yield _("Somebody else to tell"), self._all("add_kind", *(f"add_{part}" for part in OF_A_CONTACT))

    def _all(self, *names: str) -> list[Any]:
        return [self[name] for name in names if name in self.fields]

    def the_end(self) -> list[Any]:
        """Who said so, and why."""
        return self._all("said_by", "reason")

    def changes(self) -> Iterator[Change]:
        """What was changed on the form, and nothing else."""
        said, changed = self.cleaned_data, self.changed_data
        gone = {name.rpartition(".")[0] for name in changed if name.endswith(".removed") and said[name]}
        for name in changed:
            if name.startswith("add_") or name in ("said_by", "reason") or name.rpartition(".")[0] in gone:
                continue
            yield Change(name, _unbroken(said[name]))
        yield from (Change(f"{where}.removed", True) for where in sorted(gone))
        if said.get("add_item"):
            yield Change("lines.add", NewLine(code=said["add_item"], quantity=said["add_quantity"] or Decimal(1)))
        if any(said[f"add_{part}"] for part in OF_A_CONTACT):
            words = {part: said[f"add_{part}"] for part in OF_A_CONTACT}
            yield Change("contacts.add", Contact(kind=ContactKind(said["add_kind"] or KINDS[0][0]), **words))

    def seen_again(self, page: OrderPage) -> "AmendOrder":
        """The form on the order as it stands now: what was typed is kept, the rest is as it stands; where both are others than what
        was seen, the field says what stands there now."""
        fresh = AmendOrder(page=page, auto_id=self.auto_id)
        changed = [name for name in self.changed_data if name in fresh.fields]
        data: dict[str, Any] = {}
        for name in fresh.fields:
            stands = fresh[name].value()
            data[f"initial-{name}"] = "" if stands is None or stands is False else stands
            typed = self.data.get(name) if name in changed else stands
            if typed not in (None, False, ""):
                data[name] = typed
        again = AmendOrder(data, page=page, auto_id=self.auto_id)
        for name in changed:
            field = again.fields[name]
            if field.show_hidden_initial and fresh.fields[name].has_changed(
                fresh[name].value(), self.data.get(f"initial-{name}")
            ):
                field.help_text = _("Meanwhile it says: %(now)s") % {"now": fresh[name].value() or "–"}
        return again


_PARTS = {"name": _("Name"), "email": _("E-mail"), "phone": _("Phone"), "language": _("Language")}


def _text(name: str, stands: str, most: int) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2}) if name in _LONG else forms.TextInput()
    return forms.CharField(label=LABELS[name], max_length=most, required=False, initial=stands, widget=widget)


def _amount(label: Any, places: int, stands: str | None = None) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        min_value=Decimal(0),
        max_digits=14,
        decimal_places=places,
        required=stands is not None,
        initial=stands,
    )


def _plainly(amount: Decimal) -> str:
    return f"{amount.normalize():f}"


def _unbroken(value: Any) -> Any:
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def amend(page: OrderPage, form: AmendOrder, act: Act) -> None:
    """Amend the order by what was changed on the form."""
    said = form.cleaned_data
    changes = tuple(form.changes())
    one = Amendment(order_id=page.order.id, changes=changes, reason=said["reason"], said_by=said["said_by"])
    if not changes or orders.amend([one], act=act) == [None]:
        raise Refused(NOTHING_CHANGED)
