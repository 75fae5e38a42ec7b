"""What is done with duties: the next step, in its row; taking, handing over, putting off, closing, one by one or several at once.

A script (htmx) is answered with the row: what came of it, or the refusal with what was typed, and status 200, because a row that is
shown is an answer. Without scripts the same forms lead back to the desk, or to the duty's own page with the refusal.
"""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from milepost.faces.desk import who
from milepost.faces.desk.forms import OrderForm, SnoozeDuty, first_errors
from milepost.faces.desk.my_desk import duties as desk
from milepost.faces.desk.my_desk import duty_forms
from milepost.faces.desk.my_desk.duty_forms import HandOver, Settled, Several
from milepost.faces.desk.my_desk.duty_rows import rows_of
from milepost.faces.desk.my_desk.next_steps import step_of
from milepost.faces.desk.order.order_page import OrderPage, gather
from milepost.faces.desk.order.verbs import BY_NAME, Verb
from milepost.ground.access.models import Staff
from milepost.ground.duties import commands as duties
from milepost.ground.duties import queries
from milepost.ground.duties.commands import NO_DUTY
from milepost.ground.duties.words import DutyCard
from milepost.kernel.refusals import Refusal, Refused
from milepost.way.orders import commands as orders

NOT_YOURS = Refusal(
    code="not_yours", says="This duty lies on another team’s desk.", do="Ask that team, or somebody who assigns duties.",
    status=403,
)  # fmt: skip
NOTHING_TICKED = Refusal(
    code="nothing_ticked", says="No duty is ticked.", do="Tick those that you mean, then choose what is done with them."
)
NOT_ITS_STEP = Refusal(
    code="not_its_step", says="That is not the next step of this duty.", do="Open the order to do it there.", status=404
)
SAID = {
    "take": gettext_lazy("It is yours now."),
    "hand_over": gettext_lazy("Handed over."),
    "snooze": gettext_lazy("It waits. Its due time stays as it was."),
    "close": gettext_lazy("Closed, with your reason on record."),
}
Forms = dict[str, django_forms.Form]


@who.needs("duties.read")
@require_safe
def duty(request: HttpRequest, duty_id: UUID) -> HttpResponse:
    """One duty with all that can be done about it: its own page, and the piece that opens in its row."""
    card = queries.duty(duty_id)
    if card is None:
        raise Http404
    return _show(request, card)


@who.needs("duties.work")
@require_POST
def do(request: HttpRequest, duty_id: UUID, verb: str) -> HttpResponse:
    """Do the next step of a duty: a verb of its order, by the same command as on the order's page, on the order as it was seen."""
    card = _known(duty_id)
    if verb not in step_of(card.kind).verbs:
        raise Refused(NOT_ITS_STEP)
    chosen = BY_NAME[verb]
    who.require(request, chosen.permission)
    if not card.is_open:
        return _show(request, card, refusals=[NO_DUTY], status=NO_DUTY.status)
    tried = _tried(request, card, chosen)
    if tried is None:
        return _done(
            request, card, str(chosen.done), who.staff(request), next_ones=_that_follow(card, who.staff(request))
        )
    refusals, form = tried
    page = _page(card)
    form = _filled(request, card, chosen, page) if form is None else form.seen_again(page)
    return _show(request, _known(duty_id), refusals=refusals, bound=(chosen, page, form), status=refusals[0].status)


def _tried(request: HttpRequest, card: DutyCard, verb: Verb) -> tuple[Sequence[Refusal], OrderForm | None] | None:
    """None when it was carried out; else why not, with the form as far as it was read."""
    form: OrderForm | None = None
    try:
        with orders.as_seen(card.order_id or 0, sequence=_seen(request), heeds=verb.heeds):
            page = _page(card)
            form = _filled(request, card, verb, page)
            why = verb.refusal(page, who.staff(request))
            if why is not None:
                return [why], form
            if not form.is_valid():
                return list(first_errors(form)), form
            verb.perform(page, form, who.act(request, reason=_reason(form)))
    except Refused as refused:
        return refused.refusals, form
    return None


def _filled(request: HttpRequest, card: DutyCard, verb: Verb, page: OrderPage) -> OrderForm:
    return verb.form(request.POST, page=page, auto_id=_auto_id(card, verb))


def _seen(request: HttpRequest) -> int | None:
    """Which fact of the order's story was the last when the form was opened; None where one press did it unseen."""
    text = request.POST.get("seen", "")
    return (int(text) if text.isdecimal() and len(text) < 10 else 0) if text else None


def _page(card: DutyCard) -> OrderPage:
    page = gather(card.order_id or 0, now=timezone.now())
    if page is None:
        raise Http404
    return page


def _reason(form: OrderForm) -> str:
    return str(form.cleaned_data.get("reason") or form.cleaned_data.get("outcome") or "")


def _that_follow(card: DutyCard, me: Staff) -> list[DutyCard]:
    """The duties of the order that have become mine by it."""
    known = queries.duties_of(card.order_id) if card.order_id is not None else []
    seen = desk.roles_seen(me)
    return [
        one
        for one in known
        if one.is_open and one.id != card.id and one.role in seen and one.opened_at > card.opened_at
    ]


@who.needs("duties.work")
@require_POST
def take(request: HttpRequest, duty_id: UUID) -> HttpResponse:
    """Take a duty upon myself."""
    card = _known(duty_id)
    try:
        _take_all(request, [card], None)
    except Refused as refused:
        return _show(request, card, refusals=refused.refusals, status=refused.status)
    if _by_script(request):
        return _row(request, _known(duty_id), said=str(SAID["take"]))
    messages.success(request, SAID["take"])
    return desk.back(request)


@who.needs("duties.work")
@require_POST
def hand_over(request: HttpRequest, duty_id: UUID) -> HttpResponse:
    """Give a duty to another team, or to one person."""
    return _with_form(request, duty_id, "hand_over", HandOver(request.POST, auto_id=f"hand_over-{duty_id}-%s"))


@who.needs("duties.work")
@require_POST
def snooze(request: HttpRequest, duty_id: UUID) -> HttpResponse:
    """Let a duty wait, with a reason."""
    return _with_form(request, duty_id, "snooze", SnoozeDuty(request.POST, auto_id=f"snooze-{duty_id}-%s"))


@who.needs("duties.work")
@require_POST
def close(request: HttpRequest, duty_id: UUID) -> HttpResponse:
    """Say that a duty is done or needless."""
    return _with_form(request, duty_id, "close", Settled(request.POST, auto_id=f"close-{duty_id}-%s"))


def _with_form(request: HttpRequest, duty_id: UUID, name: str, form: Any) -> HttpResponse:
    """Carry out what a form of a duty says; refused, it comes back with what was typed."""
    card = _known(duty_id)
    if not form.is_valid():
        return _show(request, card, refusals=list(first_errors(form)), typed={name: form}, status=422)
    try:
        CARRIED_OUT[name](request, [card], form)
    except Refused as refused:
        return _show(request, card, refusals=refused.refusals, typed={name: form}, status=refused.status)
    return _done(request, card, str(SAID[name]), who.staff(request))


def _take_all(request: HttpRequest, cards: Sequence[DutyCard], form: Any) -> None:
    duties.take([card.id for card in cards], staff_id=who.staff(request).pk, act=who.act(request))


def _hand_over_all(request: HttpRequest, cards: Sequence[DutyCard], form: HandOver) -> None:
    me = who.staff(request)
    mine = desk.roles_seen(me)
    if not me.may("duties.assign") and any(card.role not in mine and card.assignee != me.pk for card in cards):
        raise Refused(NOT_YOURS)
    person, role = form.person(), form.role_for(cards)
    act = who.act(request, reason=form.cleaned_data["reason"])
    duties.hand_over([card.id for card in cards], role=role, assignee=person.id if person else None, act=act)


def _snooze_all(request: HttpRequest, cards: Sequence[DutyCard], form: SnoozeDuty) -> None:
    act = who.act(request, reason=form.cleaned_data["reason"])
    duties.snooze([card.id for card in cards], until=form.cleaned_data["until"], act=act)


def _close_all(request: HttpRequest, cards: Sequence[DutyCard], form: Settled) -> None:
    act = who.act(request, reason=form.cleaned_data["reason"])
    duties.close_by_hand([card.id for card in cards], outcome="done by hand", act=act)


CARRIED_OUT: dict[str, Callable[[HttpRequest, Sequence[DutyCard], Any], None]] = {
    "take": _take_all, "hand_over": _hand_over_all, "snooze": _snooze_all, "close": _close_all,
}  # fmt: skip


@who.needs("duties.work")
@require_POST
def several(request: HttpRequest) -> HttpResponse:
    """Take, hand over or put off all that are ticked, in one act; refused, the desk comes back with ticks and words."""
    what = request.POST.get("do", "")
    ticked = request.POST.getlist("duty")[: 2 * desk.OF_ONE_GROUP]
    form = _form_for_several(what, request)
    if form is None:
        raise Refused(NOT_ITS_STEP)
    bound = Several(request.POST)
    cards = queries.duties([one for text in ticked if (one := _uuid(text))])
    refusals = [*([] if cards else [NOTHING_TICKED]), *(first_errors(form) if not form.is_valid() else [])]
    if refusals:
        return desk.show(request, bound=bound, ticked=ticked, refusals=refusals, status=422)
    try:
        CARRIED_OUT[what](request, cards, form)
    except Refused as refused:
        return desk.show(request, bound=bound, ticked=ticked, refusals=refused.refusals, status=refused.status)
    messages.success(request, _how_many(what, len(cards)))
    return desk.back(request)


def _form_for_several(what: str, request: HttpRequest) -> Any:
    if what == "hand_over":
        return HandOver(request.POST)
    if what == "snooze":
        return SnoozeDuty(request.POST)
    return django_forms.Form(request.POST) if what == "take" else None


def _how_many(what: str, count: int) -> str:
    said = {
        "take": ngettext("%d duty is yours now.", "%d duties are yours now.", count),
        "hand_over": ngettext("%d duty handed over.", "%d duties handed over.", count),
        "snooze": ngettext("%d duty waits.", "%d duties wait.", count),
    }
    return said[what] % count


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _known(duty_id: UUID) -> DutyCard:
    card = queries.duty(duty_id)
    if card is None:
        raise Refused(NO_DUTY)
    return card


def _done(
    request: HttpRequest, card: DutyCard, said: str, me: Staff, *, next_ones: Sequence[DutyCard] = ()
) -> HttpResponse:
    """What came of it: in the row, with the duty that follows; without scripts on the page that the form came from."""
    if not _by_script(request):
        messages.success(request, said)
        return desk.back(request)
    rows = rows_of([card, *next_ones], me, timezone.now())
    words = {"row": rows[0], "said": said, "next_ones": rows[1:], "back": request.POST.get("back", "")}
    return render(request, "desk/duties/done.html", words)


def _row(request: HttpRequest, card: DutyCard, *, said: str = "") -> HttpResponse:
    (row,) = rows_of([card], who.staff(request), timezone.now())
    return render(request, "desk/duties/row.html", {"row": row, "said": said, "back": request.POST.get("back", "")})


def _show(
    request: HttpRequest, card: DutyCard, *, refusals: Sequence[Refusal] = (), typed: Forms | None = None,
    bound: tuple[Verb, OrderPage, OrderForm] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The duty with its forms: as its page, as the piece that opens in its row, or as the row that a form was sent from."""
    me, now = who.staff(request), timezone.now()
    (row,) = rows_of([card], me, now)
    forms = {**duty_forms.empty(str(card.id), now), **(typed or {})}
    said = request.GET if request.method in ("GET", "HEAD") else request.POST
    words = {
        "row": row, "duty": card, "refusals": refusals, "forms": forms, "now": now, "back": said.get("back", ""),
        "tried": next(iter(typed or {}), ""), "opened": True, "others": "others" in said or bool(typed),
        "words": _words([*(typed or {}).values(), *([bound[2]] if bound else [])]),
        **(_step(row.duty, row.page, me, bound) if card.is_open else {}),
    }  # fmt: skip
    if not _by_script(request):
        return render(request, "desk/duties/page.html", words, status=status)
    return render(request, f"desk/duties/{'slot' if request.method in ('GET', 'HEAD') else 'row'}.html", words)


def _words(forms: Sequence[django_forms.Form]) -> list[tuple[str, str]]:
    """What was typed, for a duty that is over and has no fields any more."""
    fields = (field for form in forms for field in form.visible_fields())
    return [(str(field.label), str(value)) for field in fields if (value := field.value())]


def _step(
    card: DutyCard, page_of_step: str, me: Staff, bound: tuple[Verb, OrderPage, OrderForm] | None
) -> dict[str, Any]:
    """The verb that settles the duty, with its form and what one must see of the order to say it."""
    if bound:
        return dict(zip(("verb", "page", "form"), bound, strict=True))
    names = step_of(card.kind).verbs
    if page_of_step or not names or card.order_id is None or not me.may("orders.read"):
        return {}
    found = _page(card)
    mine = [BY_NAME[name] for name in names if me.may(BY_NAME[name].permission)]
    verb = next((one for one in mine if one.refusal(found, me) is None), None)
    if verb is None:
        return {"page": found, "not_now": mine[0].refusal(found, me) if mine else None}
    return {"verb": verb, "page": found, "form": _first_form(verb, found, card)}


def _first_form(verb: Verb, page: OrderPage, card: DutyCard) -> OrderForm:
    form = verb.form(page=page, auto_id=_auto_id(card, verb))
    if "kind" in form.fields and card.data.get("hold"):
        form.fields["kind"].initial = card.data["hold"]
    return form


def _auto_id(card: DutyCard, verb: Verb) -> str:
    return f"{verb.name}-{card.id}-%s"


def _by_script(request: HttpRequest) -> bool:
    """Whether htmx asks, for a piece of the page."""
    return request.headers.get("HX-Request") == "true"
