"""Questions to the customer on the desk: what is open, asking again, and what a customer says on the phone (VER-3)."""

from datetime import timedelta

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from milepost.faces.desk import forms, who
from milepost.faces.desk.people import people
from milepost.faces.look import questions as form
from milepost.kernel.refusals import Refusal, Refused
from milepost.way.intake import commands as intake
from milepost.way.intake import queries as asked
from milepost.way.intake.questions import Clarification, Question
from milepost.way.orders import queries as orders
from milepost.way.orders.words import OrderCard

A_MOMENT = timedelta(minutes=5)


class SaidBy(django_forms.Form):
    """Who said it, and when."""

    said_by = django_forms.CharField(label=_("Who said so"), max_length=200)
    said_at = forms.Instant(label=_("When"))

    def clean_said_at(self) -> object:
        """Nobody has said anything tomorrow."""
        said_at = self.cleaned_data["said_at"]
        if said_at > timezone.now() + A_MOMENT:
            raise django_forms.ValidationError(_("That time is still to come."))
        return said_at


@who.needs("orders.amend")
@require_http_methods(["GET", "HEAD", "POST"])
def answers(request: HttpRequest, reference: str) -> HttpResponse:
    """What is asked of the customer, and their answer as a clerk heard it."""
    card = _order(reference)
    found = asked.questions([card.id]).get(card.id, [])
    if request.method != "POST":
        return _show(request, card, found, SaidBy(initial=_usual(card)))
    said = {str(key): str(value) for key, value in request.POST.items()}
    told = SaidBy(request.POST)
    typed = form.typed(form.shown(found), said)
    mine = [one for one in typed if one.choice]
    refusals = [*forms.first_errors(told), *([] if mine else [NOTHING_SAID])]
    if refusals:
        return _show(request, card, found, told, typed=typed, refusals=refusals, status=422)
    clarification = Clarification(
        order_id=card.id,
        replies=form.replies(mine),
        said_by=told.cleaned_data["said_by"],
        said_at=told.cleaned_data["said_at"],
    )
    try:
        intake.answer([clarification], act=who.act(request))
    except Refused as refused:
        marked, rest = form.with_faults(typed, refused.refusals)
        now_open = asked.questions([card.id]).get(card.id, [])
        return _show(request, card, now_open, told, typed=marked, refusals=rest, status=refused.status)
    messages.success(request, _("Written down."))
    return redirect("desk:order", reference=card.reference)


@who.needs("orders.amend")
@require_POST
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask the customer again, in one message with all that is open."""
    card = _order(reference)
    try:
        intake.ask([card.id], act=who.act(request), again=True)
    except Refused as refused:
        found = asked.questions([card.id]).get(card.id, [])
        return _show(
            request, card, found, SaidBy(initial=_usual(card)), refusals=list(refused.refusals), status=refused.status
        )
    messages.success(request, _("The message is on its way to the customer."))
    return redirect("desk:questions", reference=card.reference)


def _order(reference: str) -> OrderCard:
    order_id = orders.find(reference)
    card = None if order_id is None else orders.card(order_id)
    if card is None:
        raise Http404
    return card


def _usual(card: OrderCard) -> dict[str, object]:
    return {"said_by": card.contact_name, "said_at": timezone.localtime().replace(second=0, microsecond=0)}


def _show(
    request: HttpRequest, card: OrderCard, found: list[Question], told: SaidBy, *, typed: list[form.Asked] | None = None,
    refusals: list[Refusal] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    named = people()
    words = {
        "order": card, "asked": form.shown(found) if typed is None else typed, "form": told, "refusals": refusals or (),
        "answered": [one for one in found if one.answer],
        "said": [{**row, "by": named.name(row["actor"])} for row in asked.answers_of(card.id)],
        "amended": [(row, named.name(row.actor)) for row in orders.amendments(card.id)],
    }  # fmt: skip
    return render(request, "desk/questions.html", words, status=status)


NOTHING_SAID = Refusal(
    code="nothing_said", says="No answer was filled in.", do="Fill in at least one; what was not said can stay open."
)
