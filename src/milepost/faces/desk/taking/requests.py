"""Open requests: the original with what was read in it, and beside it the form; a person completes or discards it (VER-3)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from milepost.faces.desk import who
from milepost.faces.desk.forms import NO_ORDER, first_errors
from milepost.faces.desk.lists.requests import WITHIN
from milepost.faces.desk.taking.entry_form import FIELDS, Reckoned, changed, known_about
from milepost.faces.look.basket import TypedLine, with_a_free_row
from milepost.faces.look.typed import Typed
from milepost.faces.look.typed_order import of_address
from milepost.kernel.refusals import Refusal, Refused
from milepost.kernel.texts import plain_number
from milepost.way.intake import commands as intake
from milepost.way.intake import opened
from milepost.way.intake.opened import OpenRequest
from milepost.way.intake.reading import Doubt, Origin, Sure, origins_json
from milepost.way.intake.words import LineDraft, RequestState


class Discard(forms.Form):
    """Why a request is no order."""

    reason_code = forms.ChoiceField(label=gettext_lazy("Why"), choices=NO_ORDER)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)


@who.needs("orders.read", acts="orders.enter")
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request: as it was read, as it is typed, completed or discarded by its buttons."""
    found = opened.open_request(request_id)
    if found is None:
        raise Http404
    if not found.is_open:
        return _over(request, found)
    if request.method != "POST":
        typed = first_typed(found)
        return _show(request, found, typed, focus=first_open(found, typed))
    typed, do = Typed.read({name: str(request.POST[name]) for name in request.POST}, FIELDS), request.POST.get("do", "")
    match do:
        case "complete":
            return _complete(request, found, typed)
        case "discard":
            return _discard(request, found, typed)
    after, focus = changed(typed, do)
    return _show(request, found, after.drawn_anew(), focus=focus)


def _over(request: HttpRequest, found: OpenRequest) -> HttpResponse:
    if found.state == RequestState.PLACED:
        return redirect("desk:order", reference=found.reference)
    messages.info(request, _("%(reference)s was discarded.") % {"reference": found.reference})
    return redirect("desk:requests")


def first_typed(found: OpenRequest) -> Typed:
    """The form as it was read: only what is certain is filled in; goods stand in the words in which they were asked for."""
    draft = found.draft
    fields = {
        "name": draft.customer.name, "email": draft.customer.email, "phone": draft.customer.phone, "po_number": draft.po_number,
        "instructions": draft.instructions, "customer_id": str(draft.customer_id or ""), **of_address(draft.ship_to),
    }  # fmt: skip
    lines = [_row(found, place, line) for place, line in enumerate(draft.lines)]
    typed = Typed.read({}, FIELDS, found.id)
    return typed.but(**{name: value for name, value in fields.items() if name in typed.fields}).with_lines(lines)


def _row(found: OpenRequest, place: int, line: LineDraft) -> TypedLine:
    asked = found.origins.get(f"lines.{place}.code")
    return TypedLine(
        place=place, item=line.code or (asked.text if asked else ""), quantity=plain_number(line.quantity) if line.quantity else "",
        price=plain_number(line.price) if line.price is not None else "", instructions=line.instructions,
    )  # fmt: skip


def first_open(found: OpenRequest, typed: Typed) -> str:
    """The name of the first field that a person must fill in."""
    for place, line in enumerate(found.draft.lines):
        if not line.code:
            return f"line-{place}-item"
        if not line.quantity:
            return f"line-{place}-quantity"
    if not typed.lines:
        return typed.first_free
    return "ship_name" if not found.draft.ship_to.street else "po_number"


def _complete(request: HttpRequest, found: OpenRequest, typed: Typed) -> HttpResponse:
    act = who.act(request)
    known = known_about(typed, now=act.at)
    if known.problems:
        return _show(request, found, typed.drawn_anew(), refusals=known.problems, status=422)
    draft = known.draft
    language = draft.customer.language or found.draft.customer.language
    draft = replace(draft, customer=replace(draft.customer, language=language))
    by = Origin(source="clerk", sure=Sure.BY_CLERK, text=act.actor)
    stated = dict.fromkeys(_differences(found, known), by)
    try:
        receipt = intake.complete(found.id, draft, origins=origins_json(stated), act=act)
    except Refused as refused:
        return _show(request, found, typed.drawn_anew(), refusals=refused.refusals, status=refused.status)
    messages.success(request, _("Placed as %(reference)s.") % {"reference": receipt.reference})
    return redirect("desk:order", reference=receipt.reference)


def _differences(found: OpenRequest, known: Reckoned) -> Iterator[str]:
    """The fields that say something else than what was read: a person stated them."""
    was, now = found.draft, known.draft
    for place, line in enumerate(now.lines):
        before = was.lines[place] if place < len(was.lines) else None
        for name in ("code", "quantity"):
            if before is None or getattr(before, name) != getattr(line, name):
                yield f"lines.{place}.{name}"
    for part in ("name", "company", "street", "postal_code", "city", "region", "country"):
        if getattr(was.ship_to, part) != getattr(now.ship_to, part):
            yield f"ship_to.{part}"
    for part in ("name", "email", "phone"):
        if getattr(was.customer, part) != getattr(now.customer, part):
            yield f"customer.{part}"
    for part in ("po_number", "instructions"):
        if getattr(was, part) != getattr(now, part):
            yield part


def _discard(request: HttpRequest, found: OpenRequest, typed: Typed) -> HttpResponse:
    form = Discard(request.POST)
    if not form.is_valid():
        return _show(request, found, typed.drawn_anew(), refusals=tuple(first_errors(form)), status=422)
    act = who.act(request, reason=form.cleaned_data["note"])
    intake.discard([found.id], reason_code=form.cleaned_data["reason_code"], act=act)
    messages.success(request, _("Discarded. The original is kept."))
    return redirect("desk:requests")


def _show(
    request: HttpRequest, found: OpenRequest, typed: Typed, *, focus: str = "", refusals: Sequence[Refusal] = (), status: int = 200
) -> HttpResponse:  # fmt: skip
    known = known_about(typed.with_lines(with_a_free_row(typed.lines)), now=timezone.now(), look_up=focus)
    known.form.begin_at(focus)
    return render(
        request, "desk/request.html",
        {
            "asked": found, "due_at": found.received_at + WITHIN, "pieces": list(pieces(found)), "points": list(points(found)),
            "known": known, "form": known.form, "basket": known.basket, "token": typed.token, "focus": focus, "refusals": refusals,
            "discard": Discard(), "now": timezone.now(), "freight": known.draft.freight,
            "total": known.basket.total + known.draft.freight,
        },
        status=status,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the original: plain, or one from which something was read or about which there is a doubt."""

    text: str
    kind: str = ""
    says: str = ""
    number: int = 0


def pieces(found: OpenRequest) -> Iterator[Piece]:
    """The original in stretches; where two would overlap, the surer one is shown."""
    read = [(one.span, one.sure.value, name) for name, one in sorted(found.origins.items()) if one.span]
    doubts = [(doubt.span, "doubt", sentence(doubt)) for doubt in found.doubts if doubt.span]
    certain = [one for one in read if one[1] == Sure.CERTAIN]
    spans = [*certain, *doubts, *(one for one in read if one not in certain)]
    at = 0
    taken: list[tuple[int, int, str, str]] = []
    for span, kind, says in spans:
        free = not any(span[0] < end and start < span[1] for start, end, _kind, _says in taken)
        if span[0] < span[1] and free:
            taken.append((span[0], span[1], kind, says))
    for number, (start, end, kind, says) in enumerate(sorted(taken), start=1):
        if at < start:
            yield Piece(found.text[at:start])
        yield Piece(found.text[start:end], kind, says, number)
        at = end
    if at < len(found.text):
        yield Piece(found.text[at:])


def points(found: OpenRequest) -> Iterator[tuple[str, str]]:
    """Why a person must look: each sentence with the words that it is about, once."""
    seen: set[tuple[str, str]] = set()
    for doubt in found.doubts:
        point = (sentence(doubt), doubt.text[:200])
        if point not in seen:
            seen.add(point)
            yield point


def sentence(doubt: Doubt) -> str:
    """A doubt in plain words."""
    return str(DOUBTS.get(doubt.code, doubt.code.replace("_", " ").capitalize()))


DOUBTS = {
    "unread": gettext_lazy("Not understood"),
    "subject_unread": gettext_lazy("The subject says more than was understood"),
    "unknown_code": gettext_lazy("There is no item of this code"),
    "in_words": gettext_lazy("Named in words: which item is meant?"),
    "no_quantity": gettext_lazy("How many?"),
    "quantity_in_doubt": gettext_lazy("The quantity can be read in two ways"),
    "other_unit": gettext_lazy("The unit is another than the item’s"),
    "named_twice": gettext_lazy("Named more than once"),
    "price_differs": gettext_lazy("The price is not the list’s"),
    "price_in_doubt": gettext_lazy("The price cannot be read for sure"),
    "bare_list": gettext_lazy("Nothing says what is to be done with these goods"),
    "no_lines": gettext_lazy("No line of an order was found"),
    "question": gettext_lazy("The message asks something"),
    "reply": gettext_lazy("It answers an earlier message"),
    "forwarded": gettext_lazy("It was passed on: whose order is it?"),
    "copied": gettext_lazy("It was written to others as well"),
    "answers_between": gettext_lazy("There are answers between quoted lines"),
    "quoted_order": gettext_lazy("An earlier order is quoted below"),
    "existing_order": gettext_lazy("It names an order that we have: a change, or a question?"),
    "struck_out": gettext_lazy("Something in it is struck out"),
    "hidden_text": gettext_lazy("It holds text that is not shown"),
    "two_versions": gettext_lazy("Its text and its HTML say different things"),
    "enclosed_message": gettext_lazy("Another message is enclosed"),
    "attachment": gettext_lazy("A file came with it"),
    "answers_elsewhere": gettext_lazy("Answers would go to another address than the sender’s"),
    "not_authentic": gettext_lazy("It may not be from whom it says"),
    "two_order_numbers": gettext_lazy("It names two order numbers"),
    "two_days": gettext_lazy("It names two days of delivery"),
    "two_addresses": gettext_lazy("It names two addresses"),
    "two_currencies": gettext_lazy("Its items are priced in two currencies"),
    "address_incomplete": gettext_lazy("The address is not complete"),
    "unknown_sender": gettext_lazy("Nobody on record writes from this address, and no address is given"),
    "which_address": gettext_lazy("Several addresses are on record"),
    "no_address": gettext_lazy("No address is on record"),
    "blocked_customer": gettext_lazy("The customer is blocked"),
}
