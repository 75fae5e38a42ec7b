"""An order by phone: typed by a clerk while the customer is on the line; stock, price and date are shown meanwhile (REC-1).

One form, one address. Buttons change it and draw it anew; as it is typed, a reckoning comes back for what stands beside the fields,
and the form is kept for its clerk until it is sent. Works without scripts; `milepost/entry.js` adds lists, keys and no reloads.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from milepost.faces import sent_once
from milepost.faces.desk import who
from milepost.faces.desk.taking.entry_form import FIELDS, Reckoned, changed, known_about
from milepost.faces.look.basket import places_in, read_lines, with_a_free_row
from milepost.faces.look.finding import found_items
from milepost.faces.look.typed import Typed, token_in
from milepost.ground.parties import queries as parties
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal, Refused
from milepost.way.intake import commands as intake
from milepost.way.intake import queries as requests
from milepost.way.intake.words import Finding
from milepost.way.orders import queries as orders

CHANNEL = "phone"


@who.needs("orders.enter")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form: empty, as it was kept, or after what was posted; it is sent, kept, discarded or changed by its button."""
    if request.method != "POST":
        return _begin(request)
    typed, do = _read(request), request.POST.get("do", "")
    match do:
        case "place":
            return _place(request, typed)
        case "keep":
            intake.keep_form(typed.token, typed.as_fields(), act=_act(request))
            messages.success(request, _("Kept. It waits here for you."))
            return redirect("desk:entry")
        case "discard":
            intake.drop_form(typed.token, act=_act(request))
            messages.success(request, _("Discarded."))
            return redirect("desk:entry")
    after, focus = changed(typed, do)
    return _show(request, after.drawn_anew(), focus=focus, said=_said(do, after))


def _begin(request: HttpRequest) -> HttpResponse:
    """An empty form, for the customer in the address if one is named; or the one that was kept."""
    token = token_in(request.GET.get("form", ""))
    kept = requests.kept_form(token, who.staff(request).actor) if token else None
    typed = Typed.read(kept.form, FIELDS, kept.id) if kept else Typed.read({}, FIELDS)
    focus = "find"
    if "customer" in request.GET and not kept:
        typed, focus = changed(typed, f"use_customer:{request.GET['customer']}")
    return _show(request, typed.drawn_anew(), focus=focus)


def _read(request: HttpRequest) -> Typed:
    return Typed.read({name: str(request.POST[name]) for name in request.POST}, FIELDS)


def _act(request: HttpRequest) -> Act:
    return who.act(request, channel=CHANNEL)


def _said(do: str, typed: Typed) -> str:
    """What a button did, for those who do not see it."""
    verb = do.partition(":")[0]
    if verb == "use_customer":
        return _("%(name)s is filled in.") % {"name": typed.fields["name"] or typed.fields["phone"]}
    done = {"use_address": _("The address is filled in."), "remove": _("The line is removed.")}
    return str(done.get(verb, ""))


def _place(request: HttpRequest, typed: Typed) -> HttpResponse:
    """Send the form: an order, with what is to be asked at once; or the form again with what is wrong."""
    act = _act(request)
    known = known_about(typed, now=act.at)
    if known.problems:
        return _show(request, typed.drawn_anew(), refusals=known.problems, status=422)
    incoming = known.incoming(act.actor)

    def effect() -> str:
        (receipt,) = intake.receive([incoming], act=act)
        if receipt.refusals:
            raise Refused(*receipt.refusals)
        intake.drop_form(typed.token, act=act)
        return receipt.reference

    try:
        sent = sent_once.once(effect, sender=act.actor, token=typed.token, body=incoming.raw, now=act.at)
    except Refused as refused:
        return _show(request, typed.drawn_anew(), refusals=refused.refusals, status=refused.status)
    return _onwards(request, sent)


def _onwards(request: HttpRequest, sent: sent_once.Sent) -> HttpResponse:
    """To the order; where something is open, to its questions, so that it is settled while the customer is on the line (VER-3)."""
    if sent.changed:
        messages.warning(
            request,
            _("This form had been sent before, as the order below. What was changed in it since is not in the order."),
        )
        return redirect("desk:order", reference=sent.answer)
    messages.success(
        request, _("Placed. The order number to tell the customer: %(reference)s") % {"reference": sent.answer}
    )
    number = orders.find(sent.answer) or 0
    if not requests.questions([number]).get(number):
        return redirect("desk:order", reference=sent.answer)
    messages.warning(request, _("Ask now, while the customer is on the line, and write down what they say."))
    return redirect("desk:questions", reference=sent.answer)


def _show(
    request: HttpRequest, typed: Typed, *, focus: str = "", said: str = "",
    refusals: Sequence[Refusal] = (), status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The whole page. `focus` names the field that comes next."""
    now = timezone.now()
    known = known_about(typed.with_lines(with_a_free_row(typed.lines)), now=now, look_up=focus)
    asked = focus == "customer-match"
    known.form.begin_at(focus)
    return render(
        request,
        "desk/entry.html",
        {
            **_summary(known, now), "known": known, "form": known.form, "token": typed.token, "focus": focus, "said": said,
            "refusals": refusals, "asked": asked, "callers": parties.look_up(typed.fields["find"]) if asked else [],
            "kept": [one for one in _kept(request) if one.token != typed.token],
        },
        status=status,
    )  # fmt: skip


def _summary(known: Reckoned, now: datetime) -> dict[str, Any]:
    """What it comes to, and what would have to be asked."""
    refused, findings = requests.foresee(known.draft, now=now) if _is_begun(known) else ([], [])
    questions: dict[str, list[Finding]] = {}
    for finding in findings:
        questions.setdefault(finding.question, []).append(finding)
    freight = known.draft.freight
    return {
        "basket": known.basket, "questions": list(questions.items()), "foreseen": refused, "freight": freight,
        "total": known.basket.total + freight,
    }  # fmt: skip


def _is_begun(known: Reckoned) -> bool:
    return bool(known.basket.filled or known.customer or known.form.said.get("name"))


@dataclass(frozen=True, slots=True)
class Kept:
    """A half-typed order as its clerk recognises it."""

    token: UUID
    name: str
    lines: int
    kept_at: datetime


def _kept(request: HttpRequest) -> list[Kept]:
    """The half-typed orders of whoever asks, the latest first. One statement."""
    return [
        Kept(card.id, _caller(card.form), len(read_lines(card.form)), card.kept_at)
        for card in requests.kept_forms(who.staff(request).actor)
    ]


def _caller(form: Mapping[str, str]) -> str:
    return form.get("name") or form.get("phone") or form.get("find", "")


@who.needs("orders.enter")
@require_POST
def reckoning(request: HttpRequest) -> HttpResponse:
    """What stands beside the fields, anew, while somebody types; and the form is kept, so that leaving it loses nothing."""
    typed, now = _read(request), timezone.now()
    known = known_about(typed, now=now)
    empty = sorted(places_in(request.POST) - {line.place for line in typed.lines})
    return render(
        request, "desk/entry_reckoning.html",
        {**_summary(known, now), "known": known, "empty": empty, "kept_at": now if _keep(request, typed) else None},
    )  # fmt: skip


def _keep(request: HttpRequest, typed: Typed) -> bool:
    if typed.is_empty:
        return False
    try:
        intake.keep_form(typed.token, typed.as_fields(), act=_act(request))
    except Refused:
        return False
    return True


@who.needs("orders.enter")
@require_safe
def customers(request: HttpRequest) -> HttpResponse:
    """Customers by what is being typed."""
    text = request.GET.get("find", "")[:200]
    return render(request, "desk/found_customers.html", {"asked": text.strip(), "customers": parties.look_up(text)})


@who.needs("orders.enter")
@require_safe
def items(request: HttpRequest) -> HttpResponse:
    """Items by what is being typed in one of the rows."""
    return found_items(request)
