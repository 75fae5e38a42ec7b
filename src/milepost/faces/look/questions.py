"""Open questions as a form, the same for a customer and for the clerk who has them on the phone: shown, read back, and with
what was wrong beside each (VER-3)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from milepost.kernel.refusals import Refusal
from milepost.way.intake.questions import Question, Reply

AS_IT_IS, OTHER = "as_it_is", "other"
LABELS: Mapping[str, Any] = {
    "ship_to.name": _("Recipient"),
    "ship_to.company": _("Company"),
    "ship_to.street": _("Street and house number"),
    "ship_to.postal_code": _("Postal code"),
    "ship_to.city": _("City"),
    "ship_to.region": _("State or region"),
    "ship_to.country": _("Country"),
    "customer.name": _("Name"),
    "customer.email": _("E-mail address"),
    "customer.phone": _("Phone number"),
    "po_number": _("Purchase order number"),
    "payment_reference": _("Payment reference"),
    "payment_amount": _("Amount"),
    "quantity": _("Quantity"),
    "price": _("Price of one"),
    "instructions": _("Note for the delivery"),
}
_KINDS: Mapping[str, Mapping[str, str]] = {
    "customer.email": {"type": "email", "autocomplete": "email"},
    "customer.phone": {"type": "tel", "autocomplete": "tel"},
    "ship_to.name": {"autocomplete": "shipping name"},
    "ship_to.company": {"autocomplete": "shipping organization"},
    "ship_to.postal_code": {"autocomplete": "shipping postal-code"},
    "ship_to.city": {"autocomplete": "shipping address-level2"},
    "ship_to.region": {"autocomplete": "shipping address-level1"},
    "ship_to.street": {"autocomplete": "shipping street-address"},
    "ship_to.country": {"autocomplete": "shipping country-name"},
    "quantity": {"inputmode": "decimal"},
    "price": {"inputmode": "decimal"},
    "payment_amount": {"inputmode": "decimal"},
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it is shown: its place in the form, what was typed, and what was wrong with that."""

    question: Question
    choice: str = ""
    typed: str = ""
    wrong: Sequence[Refusal] = field(default=())

    @property
    def key(self) -> str:
        """What its fields are called."""
        return self.question.finding_id.hex

    @property
    def label(self) -> Any:
        """What stands in the field."""
        return label_of(self.question.field)

    @property
    def kind(self) -> Mapping[str, str]:
        """How a browser treats the field."""
        return kind_of(self.question.field)


def label_of(name: str) -> Any:
    """A field of an order as people call it."""
    return LABELS.get(name) or LABELS.get(name.rpartition(".")[2]) or name.rpartition(".")[2].replace("_", " ")


def kind_of(name: str) -> Mapping[str, str]:
    """How a browser treats a field of an order."""
    return {"type": "text", **(_KINDS.get(name) or _KINDS.get(name.rpartition(".")[2]) or {})}


def shown(questions: Sequence[Question]) -> list[Asked]:
    """The questions that wait for an answer; what stands there now is filled in, to be put right."""
    return [Asked(one, typed=one.value) for one in questions if not one.answer]


def typed(asked: Sequence[Asked], said: Mapping[str, str]) -> list[Asked]:
    """The questions with what was said to each. Another value that was typed counts, whatever was ticked."""
    return [_typed(one, said) for one in asked]


def _typed(one: Asked, said: Mapping[str, str]) -> Asked:
    choice, value = str(said.get(f"choice_{one.key}", "")), str(said.get(f"value_{one.key}", one.typed))[:4000]
    if choice == AS_IT_IS and one.question.confirm:
        return replace(one, choice=AS_IT_IS)
    other = choice == OTHER or value.strip() != one.question.value.strip()
    return replace(one, choice=OTHER if other else "", typed=value)


def replies(asked: Sequence[Asked]) -> tuple[Reply, ...]:
    """What was said, as replies. Another value that is the one that stands there already is right as it is."""
    return tuple(_reply(one) for one in asked)


def _reply(one: Asked) -> Reply:
    question = one.question
    same = one.choice == OTHER and one.typed.strip() == question.value.strip() and bool(question.value.strip())
    if question.confirm and (one.choice == AS_IT_IS or same):
        return Reply(finding_id=question.finding_id, confirmed=True)
    return Reply(finding_id=question.finding_id, value=one.typed if one.choice == OTHER else "")


def with_faults(asked: Sequence[Asked], refusals: Sequence[Refusal]) -> tuple[list[Asked], list[Refusal]]:
    """The questions with what was wrong at each, and what is wrong with the whole."""
    fields = {one.question.field for one in asked}
    places = [(_place(refusal.field, fields), refusal) for refusal in refusals]
    marked = [
        replace(one, wrong=[refusal for place, refusal in places if place == one.question.field]) for one in asked
    ]
    return marked, [refusal for place, refusal in places if not place]


def _place(named: str, fields: set[str]) -> str:
    """The question that a refusal is about: named as intake names it, or as orders do, which count lines from 1."""
    if named in fields:
        return named
    return next((one for one in fields if named in _names_in_orders(one)), "")


def _names_in_orders(name: str) -> Iterator[str]:
    yield {"customer.name": "contact_name"}.get(name, name.removeprefix("customer."))
    head, _, rest = name.partition(".")
    if head == "lines":
        place, _, what = rest.partition(".")
        yield f"lines.{int(place) + 1}.{what}" if place.isdecimal() else name
