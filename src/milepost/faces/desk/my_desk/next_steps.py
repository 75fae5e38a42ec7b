"""What is to be done next, for every kind of duty: the verb of its order that settles it, or the page where it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from milepost.ground.duties.words import DutyCard

Address = Callable[[DutyCard, str], str]
CUSTOMER, CARRIER = _("the customer"), _("the carrier")


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """The next step of a kind of duty.

    `label` names the kind in lists and filters, `do` stands on the button. `verbs` are verbs of the order (`verbs.VERBS`): the
    first that its state allows settles the duty, in the row. `at_once`: it needs no word, one press does it. `page` is the address
    where it is done otherwise, for who holds `permission`; without verbs and page it is settled by saying how. `waits_for`: until
    it is due, the next word is not ours.
    """

    kind: str
    label: Any
    do: Any
    verbs: tuple[str, ...] = ()
    at_once: bool = False
    page: Address | None = None
    permission: str = "orders.read"
    waits_for: Any = ""


def _order(part: str = "") -> Address:
    return lambda duty, reference: reverse("desk:order", args=[reference]) + part if reference else ""


def _to(name: str) -> Address:
    return lambda duty, reference: reverse(f"desk:{name}")


def _questions(duty: DutyCard, reference: str) -> str:
    return reverse("desk:questions", args=[reference]) if reference else ""


def _call(duty: DutyCard, reference: str) -> str:
    return reverse("desk:call", args=[duty.subject_id])


def _conversation(duty: DutyCard, reference: str) -> str:
    return reverse("desk:conversation", args=[duty.data["conversation"]]) if duty.data.get("conversation") else ""


def _request(duty: DutyCard, reference: str) -> str:
    return reverse("desk:request", args=[duty.data["request"]]) if duty.data.get("request") else ""


def _document(duty: DutyCard, reference: str) -> str:
    if duty.data.get("source") == "document":
        return reverse("desk:document", args=[duty.subject_id])
    return reverse("desk:health_arrivals")


def _procedure(duty: DutyCard, reference: str) -> str:
    return (
        reverse("desk:procedure", args=[duty.subject_id]) if duty.subject_id.isdecimal() else reverse("desk:procedures")
    )


def _machinery(duty: DutyCard, reference: str) -> str:
    """Where IT sees what is broken: the subscription, the message, or all of it."""
    if duty.subject_kind == "subscription":
        return reverse("desk:subscription", args=[duty.subject_id])
    if duty.subject_kind == "notice" and reference:
        return reverse("desk:order", args=[reference]) + "#messages"
    return reverse("desk:health")


STEPS = (
    NextStep(
        kind="acknowledge", label=_("Confirm and acknowledge"), do=_("Review and confirm"), page=_order(),
        verbs=("confirmation", "acknowledgement"),
    ),
    NextStep(kind="complete_request", label=_("Complete a request"), do=_("Complete it"), page=_request, permission="orders.enter"),
    NextStep(
        kind="settle_hold", label=_("Settle a hold"), do=_("Settle the hold"), verbs=("hold-release",), page=_order("#holds")
    ),
    NextStep(
        kind="approve_release", label=_("Approve a release"), do=_("Approve the release"), verbs=("hold-release",),
        page=_order("#holds"),
    ),
    NextStep(
        kind="answer_questions", label=_("Questions asked"), do=_("Write down the answers"), page=_questions,
        permission="orders.amend", waits_for=CUSTOMER,
    ),
    NextStep(
        kind="decide_alternatives", label=_("Alternatives offered"), do=_("Record the choice"), verbs=("alternatives",),
        page=_order("#alternatives"), waits_for=CUSTOMER,
    ),
    NextStep(kind="settle_change", label=_("Settle a change"), do=_("Look at the order"), page=_order()),
    NextStep(kind="restock", label=_("Get stock"), do=_("See what is to come"), page=_to("incoming"), permission="stock.read"),
    NextStep(
        kind="chase_supplier", label=_("Chase a supplier"), do=_("See what is to come"), page=_to("incoming"),
        permission="stock.read",
    ),
    NextStep(
        kind="pick", label=pgettext_lazy("work", "Pick"), do=_("Mark as picked"), verbs=("pick",), at_once=True, page=_order()
    ),
    NextStep(kind="pack", label=pgettext_lazy("work", "Pack"), do=_("Pack"), verbs=("packing",), page=_order()),
    NextStep(kind="ship", label=pgettext_lazy("work", "Ship"), do=_("Ship"), verbs=("shipment",), page=_order()),
    NextStep(kind="relabel", label=_("New labels"), do=_("See the parcels"), page=_order("#parcels")),
    NextStep(
        kind="watch_delivery", label=_("Watch a delivery"), do=_("Record what happened"), verbs=("tracking-event",),
        page=_order("#parcels"), waits_for=CARRIER,
    ),
    NextStep(
        kind="resolve_delay", label=_("Resolve a delay"), do=_("Give a new date"), verbs=("delay",), page=_order("#promises")
    ),
    NextStep(
        kind="resolve_exception", label=_("Resolve an exception"), do=_("Record what happened"), verbs=("tracking-event",),
        page=_order("#parcels"),
    ),
    NextStep(
        kind="confirm_acceptance", label=_("Confirm acceptance"), do=_("Record acceptance"), verbs=("acceptance",),
        page=_order(), waits_for=CUSTOMER,
    ),
    NextStep(
        kind="settle_dispute", label=_("Settle a dispute"), do=_("Record the settlement"), verbs=("acceptance",), page=_order()
    ),
    NextStep(kind="check_delivery", label=_("Check a delivery"), do=_("See the parcels"), page=_order("#parcels")),
    NextStep(kind="close", label=_("Close an order"), do=_("Close the order"), verbs=("closing",), at_once=True, page=_order()),
    NextStep(kind="call_customer", label=_("Call a customer"), do=_("Call"), page=_call),
    NextStep(
        kind="answer_inquiry", label=_("Answer an inquiry"), do=_("Answer"), page=_conversation, permission="inquiries.read"
    ),
    NextStep(kind="retry_notice", label=_("A message that failed"), do=_("See the message"), page=_order("#messages")),
    NextStep(kind="check_notice", label=_("A message in doubt"), do=_("See the message"), page=_order("#messages")),
    NextStep(kind="repair_arrival", label=_("Repair what arrived"), do=_("Look at it"), page=_document, permission="orders.enter"),
    NextStep(
        kind="repair_link", label=_("Repair tracking links"), do=_("See the links"), page=_to("health"), permission="health.read"
    ),
    NextStep(
        kind="it_repair", label=_("Repair the machinery"), do=_("See what is broken"), page=_machinery, permission="health.read"
    ),
    NextStep(
        kind="review_procedure", label=_("Review a procedure"), do=_("Review it"), page=_procedure,
        permission="procedures.read",
    ),
    NextStep(
        kind="review_templates", label=_("Review the letters"), do=_("Review them"), page=_to("procedures"),
        permission="procedures.read",
    ),
)  # fmt: skip
BY_KIND = {step.kind: step for step in STEPS}
IDLE = tuple(step.kind for step in STEPS if step.waits_for)
"""Kinds that wait for somebody outside the house until they are due."""


def step_of(kind: str) -> NextStep:
    """The next step of a kind; of one that a procedure of this house brought along: look at it and say how it was settled."""
    return BY_KIND.get(kind) or NextStep(kind=kind, label=_("Another duty"), do=_("Look at the order"), page=_order())
