"""Conversations with customers: the list, one of them with what it is about, and what can be done in it (INQ-1, INQ-2, INQ-3)."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from milepost.faces.desk import places, who
from milepost.faces.desk.care.conversation_forms import Answer, Call, HandOver, Note
from milepost.faces.desk.care.conversation_page import about, can_answer, offers_itself, proposal, talk
from milepost.faces.desk.forms import first_errors
from milepost.faces.desk.my_desk.duties import back
from milepost.faces.desk.people import people
from milepost.ground.access import queries as access
from milepost.kernel.refusals import Refusal, Refused
from milepost.way.care import commands as care
from milepost.way.care import queries
from milepost.way.care.words import Channel, Direction, Logged, Outcome, Reply, State
from milepost.way.orders import queries as orders

ON_ONE_PAGE = 50


@who.needs("inquiries.read")
@require_safe
def all_of_them(request: HttpRequest) -> HttpResponse:
    """Conversations: those that wait for us by when they are due, others the newest first; all or mine."""
    me, now = who.staff(request), timezone.now()
    state = next((one for one in State if one == request.GET.get("state")), State.OPEN)
    mine = me.pk if "mine" in request.GET else None
    after = places.instant_and_uuid(request.GET.get("after", ""))
    found = queries.page(state=state, assignee=mine, after=after, limit=ON_ONE_PAGE + 1)
    cards, more = found[:ON_ONE_PAGE], found[ON_ONE_PAGE:]
    references = orders.contacts({card.order_id for card in cards if card.order_id is not None})
    named = people()
    last = cards[-1] if more else None
    return render(
        request,
        "desk/conversations/list.html",
        {
            "rows": [(card, references.get(card.order_id or 0), named.staff_name(card.assignee)) for card in cards],
            "state": state, "states": list(State), "counts": queries.counts(assignee=mine), "mine": mine is not None, "now": now,
            "next": places.spell(last.due_at if state == State.OPEN and last.due_at else last.last_at, last.id) if last else "",
            "paged": after is not None,
        },
    )  # fmt: skip


@who.needs("inquiries.read")
@require_safe
def one(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """One conversation. `proposed` in the address puts the ledger's answer into the box."""
    return _page(request, conversation_id)


def _page(
    request: HttpRequest, conversation_id: UUID, *, typed: forms.Form | None = None, refusals: Sequence[Refusal] = ()
) -> HttpResponse:
    me, now, named = who.staff(request), timezone.now(), people()
    found = talk(conversation_id, me, now=now, named=named)
    if found is None:
        raise Http404
    of, may = about(found.card), me.may("inquiries.answer")
    words = proposal(found.card, now=now) if may and not found.card.is_closed else ""
    begin = {"words": words} if words and ("proposed" in request.GET or offers_itself(found.card)) else {}
    forms_of: dict[str, forms.Form] = {
        "answer": Answer(initial=begin, auto_id="answer-%s"), "note": Note(auto_id="note-%s"), "call": Call(auto_id="call-%s"),
        "hand_over": HandOver(named=named, auto_id="to-%s"),
    }  # fmt: skip
    tried = next((name for name, one in forms_of.items() if type(one) is type(typed)), "")
    if typed is not None:
        forms_of[tried] = typed
    return render(
        request,
        "desk/conversations/one.html",
        {
            "talk": found, "about": of, "can_answer": can_answer(found.card, of), "proposed": words,
            "uses_proposed": bool(begin), "forms": forms_of,
            "may": may, "me": me, "refusals": refusals, "now": now, "tried": tried,
        },
        status=refusals[0].status if refusals else 422 if typed is not None else 200,
    )  # fmt: skip


@who.needs("inquiries.read")
@require_safe
def thread(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """What was said, for a page that stays open; it tells the customer that one of us is there. Unchanged: 304."""
    me, now = who.staff(request), timezone.now()
    found = talk(conversation_id, me, now=now)
    if found is None:
        raise Http404
    if me.may("inquiries.answer"):
        care.look_in(queries.of_staff_key(conversation_id), typing=request.GET.get("typing") == "1", now=now)
    etag = found.etag()
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return unchanged
    response = render(request, "desk/conversations/thread.html", {"talk": found})
    response.headers["ETag"] = etag
    return response


@who.needs("inquiries.answer")
@require_POST
def act_on(request: HttpRequest, conversation_id: UUID, doing: str) -> HttpResponse:
    """Answer, note, log a call, take, hand over, close, open again. What is refused comes back with what was typed."""
    do = VERBS.get(doing)
    if do is None:
        raise Http404
    if queries.conversation(conversation_id) is None:
        raise Http404
    typed: forms.Form | None = None
    try:
        typed = do(request, conversation_id)
    except Refused as refused:
        form = FORMS.get(doing)
        return _page(request, conversation_id, typed=form(request) if form else None, refusals=refused.refusals)
    if typed is not None:
        return _page(request, conversation_id, typed=typed)
    return redirect("desk:conversation", conversation_id)


def _answer(request: HttpRequest, conversation_id: UUID) -> forms.Form | None:
    form = _answer_form(request)
    if not form.is_valid():
        return form
    words = Reply(conversation_id=conversation_id, words=form.cleaned_data["words"], waits=form.cleaned_data["waits"])
    care.answer([words], act=who.act(request))
    messages.success(request, _("Your answer is on its way."))
    return None


def _note(request: HttpRequest, conversation_id: UUID) -> forms.Form | None:
    form = _note_form(request)
    if not form.is_valid():
        return form
    note = Logged(
        channel=Channel.NOTE,
        direction=Direction.NOTE,
        words=form.cleaned_data["words"],
        conversation_id=conversation_id,
    )
    care.log([note], act=who.act(request))
    messages.success(request, _("Noted, for us alone."))
    return None


def _call(request: HttpRequest, conversation_id: UUID) -> forms.Form | None:
    form = _call_form(request)
    if not form.is_valid():
        return form
    care.log([_logged(form, conversation_id=conversation_id)], act=who.act(request))
    messages.success(request, _("Written down."))
    return None


def _logged(form: forms.Form, **whose: Any) -> Logged:
    said = form.cleaned_data
    return Logged(
        channel=Channel(said["channel"]), direction=Direction(said["direction"]), outcome=Outcome(said["outcome"]),
        words=said["words"], **whose,
    )  # fmt: skip


def _take(request: HttpRequest, conversation_id: UUID) -> None:
    care.take([conversation_id], staff_id=who.staff(request).pk, act=who.act(request))
    messages.success(request, _("It is yours now: you hear when they write again."))


def _hand_over(request: HttpRequest, conversation_id: UUID) -> forms.Form | None:
    form = _hand_over_form(request)
    if not form.is_valid():
        return form
    kind, _colon, which = form.cleaned_data["to"].partition(":")
    role, assignee = which, None
    if kind == "staff":
        card = access.staff_card(int(which))
        assignee = int(which)
        role = (
            "customer_service" if card is None or "customer_service" in card.roles or not card.roles else card.roles[0]
        )
    care.hand_over([conversation_id], role=role, assignee=assignee, act=who.act(request))
    messages.success(request, _("Handed over."))
    return None


def _close(request: HttpRequest, conversation_id: UUID) -> None:
    care.close([conversation_id], act=who.act(request))
    messages.success(request, _("Closed. When they write again within some days, it goes on."))


def _reopen(request: HttpRequest, conversation_id: UUID) -> None:
    care.reopen([conversation_id], act=who.act(request))
    messages.success(request, _("Open again."))


def _answer_form(request: HttpRequest) -> Answer:
    return Answer(request.POST, auto_id="answer-%s")


def _note_form(request: HttpRequest) -> Note:
    return Note(request.POST, auto_id="note-%s")


def _call_form(request: HttpRequest) -> Call:
    return Call(request.POST, auto_id="call-%s")


def _hand_over_form(request: HttpRequest) -> HandOver:
    return HandOver(request.POST, named=people(), auto_id="to-%s")


VERBS: dict[str, Callable[[HttpRequest, UUID], forms.Form | None]] = {
    "answer": _answer, "note": _note, "call": _call, "taking": _take, "handing-over": _hand_over, "closing": _close,
    "reopening": _reopen,
}  # fmt: skip
FORMS: dict[str, Callable[[HttpRequest], forms.Form]] = {
    "answer": _answer_form, "note": _note_form, "call": _call_form, "handing-over": _hand_over_form,
}  # fmt: skip


@who.needs("inquiries.answer")
@require_POST
def of_order(request: HttpRequest, reference: str) -> HttpResponse:
    """Log a call or a note about an order, from its page."""
    order_id = orders.find(reference)
    if order_id is None:
        raise Http404
    return _log(request, order_id=order_id)


@who.needs("inquiries.answer")
@require_POST
def of_customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Log a call or a note about a customer, from their page."""
    from milepost.ground.parties import queries as parties

    if not parties.cards([customer_id]):
        raise Http404
    return _log(request, customer_id=customer_id)


def _log(request: HttpRequest, **whose: Any) -> HttpResponse:
    form: forms.Form = _note_form(request) if request.POST.get("do") == "note" else _call_form(request)
    if not form.is_valid():
        raise Refused(*first_errors(form))
    if isinstance(form, Note):
        entry = Logged(channel=Channel.NOTE, direction=Direction.NOTE, words=form.cleaned_data["words"], **whose)
    else:
        entry = _logged(form, **whose)
    care.log([entry], act=who.act(request))
    messages.success(request, _("Written down."))
    return back(request)
