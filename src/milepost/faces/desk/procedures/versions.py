"""Procedures: how the house works, in which version, since when, and what is different; letters as they would be sent (REV-1)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from milepost.faces.desk import who
from milepost.faces.desk.forms import Publishing
from milepost.faces.desk.operation.mailbox import LETTER_POLICY
from milepost.faces.desk.people import people
from milepost.faces.desk.procedures.drafting.changes import changed
from milepost.faces.desk.procedures.drafting.known import known
from milepost.faces.look import toml
from milepost.faces.look.code_names import named_code
from milepost.faces.look.differences import difference
from milepost.faces.look.sentences import told_plainly
from milepost.faces.look.sheets import COMPILED, Shown, arranged, show
from milepost.faces.look.typed import number_in
from milepost.ground.journal.queries import Told, story
from milepost.ground.procedures import queries
from milepost.ground.procedures.assembling import LANGUAGES
from milepost.ground.procedures.facts import ProcedureFact
from milepost.ground.procedures.rules import read
from milepost.ground.procedures.words import KINDS, DocumentCard, DocumentLine
from milepost.kernel.refusals import Refusal, Refused
from milepost.reactions.letters import previews
from milepost.way.orders import queries as orders

TEMPLATE = "template"
ON_ONE_PAGE = 50
ABOUT_A_LETTER = ("purpose", "language", "category")
SOON = timedelta(days=14)
"""How long before its day a review is marked."""
NO_ORDER = Refusal(
    code="no_order", says="There is no order {reference}.", do="Give the reference of an order, or show it on examples.",
    field="order", status=404,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A document in the list: the version in force, or the newest; and the newer ones that people work on."""

    line: DocumentLine
    title: str
    newer: tuple[DocumentLine, ...]
    review: str
    """How near the day of its review is: "overdue", "soon" or nothing."""


@who.needs("procedures.read")
@require_safe
def all_of_them(request: HttpRequest) -> HttpResponse:
    """All documents, those first whose review is overdue."""
    return shown_all(request)


def shown_all(request: HttpRequest, *, refusals: tuple[Refusal, ...] = (), status: int = 200) -> HttpResponse:
    """The list, with what was refused."""
    rows = _rows(queries.lines(), timezone.localdate())
    chosen = request.GET.get("show", "")
    wanted = [row for row in rows if _is_wanted(row, chosen)]
    start = number_in(request.GET.get("from", ""))
    shown, left = wanted[start : start + ON_ONE_PAGE], len(wanted) - start - ON_ONE_PAGE
    return render(
        request, "desk/procedures.html",
        {
            "rows": shown, "any": bool(rows), "chosen": chosen, "people": people(), "refusals": refusals,
            "paged": bool(start), "next": start + ON_ONE_PAGE if left > 0 else None,
            "overdue": sum(row.review == "overdue" for row in rows), "waiting": sum(bool(row.newer) for row in rows),
            "may_keep": who.staff(request).may("procedures.draft"),
        },
        status=status,
    )  # fmt: skip


def _rows(lines: Iterable[DocumentLine], today: date) -> list[Row]:
    rows = [_row(list(some), today) for _, some in groupby(lines, key=lambda line: (line.kind, line.name))]
    order = list(KINDS)
    return sorted(rows, key=lambda row: (row.review != "overdue", order.index(row.line.kind), row.line.name))


def _row(lines: list[DocumentLine], today: date) -> Row:
    """The versions of one document, the oldest first."""
    line = next((line for line in lines if line.in_force), lines[-1])
    newer = tuple(one for one in lines if one.version > line.version or (one is line and not one.in_force))
    due = line.review_due_on if line.in_force else None
    review = "" if due is None or due > today + SOON else "overdue" if due < today else "soon"
    return Row(line, KINDS[line.kind], newer, review)


def _is_wanted(row: Row, chosen: str) -> bool:
    match chosen:
        case "overdue":
            return row.review == "overdue"
        case "waiting":
            return bool(row.newer)
        case "procedures":
            return row.line.kind != TEMPLATE
        case "templates":
            return row.line.kind == TEMPLATE
    return True


@who.needs("procedures.read")
@require_safe
def one(request: HttpRequest, version_id: int) -> HttpResponse:
    """One version of a document, its other versions, and what can be done with it."""
    return shown_one(request, version_id)


def shown_one(
    request: HttpRequest, version_id: int, *, refusals: tuple[Refusal, ...] = (), form: Publishing | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The page of a version, with what was refused."""
    card = document_or_404(version_id)
    me, versions = who.staff(request), queries.history(card.kind, card.name)
    record, unread = _record(card)
    sheet = show(record) if record is not None else None
    is_letter = card.kind == TEMPLATE
    return render(
        request, "desk/procedure.html",
        {
            "card": card, "title": KINDS[card.kind], "versions": versions, "people": people(), "refusals": refusals,
            "sheet": sheet, "unread": unread, "source": toml.spell(said(card)) if is_letter or unread else "",
            "letter": queries.letter_words(card.name.rpartition(".")[0]) if is_letter else (),
            "about": _about(sheet) if is_letter and sheet else None, "story": _story(card),
            "newer": [one for one in versions if one.version > card.version], "form": form or Publishing(),
            "others": [one for one in versions if one.id != card.id], "overdue": _is_overdue(card),
            "is_mine": card.author == me.actor, **_may(request), **_against(card, versions),
            "matrix": record.rows if card.kind == "communication_matrix" and record is not None else (),
        },
        status=status,
    )  # fmt: skip


def _against(card: DocumentCard, versions: Sequence[DocumentCard]) -> Mapping[str, Any]:
    """Of a version that is not in force yet: what it would change, and whether another one came into force after it was written."""
    if card.state not in ("draft", "reviewed"):
        return {}
    standing = next((one for one in versions if one.in_force), None)
    if standing is None:
        return {"instead_of": 0}
    came = standing.in_force_at
    return {
        "instead_of": standing.id, "standing": standing, "overtaken": bool(came and came > card.drafted_at),
        "changes": changed(card.kind, standing.body, card.body, known(queries.book())),
    }  # fmt: skip


def _about(sheet: Shown) -> Shown:
    """Of a letter what is not its words."""
    return replace(sheet, parts=tuple(part for part in sheet.parts if part.name.text in ABOUT_A_LETTER))


def _story(card: DocumentCard) -> list[tuple[Told, str]]:
    return [(told, told_plainly(told)) for told in story(card.id, stream=ProcedureFact.stream)]


def _may(request: HttpRequest) -> Mapping[str, bool]:
    me = who.staff(request)
    return {f"may_{verb}": me.may(f"procedures.{verb}") for verb in ("draft", "review", "publish")}


def _is_overdue(card: DocumentCard) -> bool:
    return card.in_force and card.review_due_on is not None and card.review_due_on < timezone.localdate()


def _record(card: DocumentCard) -> tuple[Any, tuple[Refusal, ...]]:
    """What a version says; of one that cannot be read any more what is wrong with it."""
    try:
        return read(card.kind, card.body), ()
    except Refused as refused:
        return None, refused.refusals


def document_or_404(version_id: int) -> DocumentCard:
    """The version of this number."""
    card = queries.document(version_id)
    if card is None:
        raise Http404
    return card


def said(card: DocumentCard) -> dict[str, Any]:
    """What people wrote in a version, in the order of its kind; of one that cannot be read any more in that of the alphabet."""
    body = {name: value for name, value in card.body.items() if name != COMPILED}
    try:
        written: dict[str, Any] = arranged(body, read(card.kind, body))
    except Refused:
        return dict(sorted(body.items()))
    return written


@who.needs("procedures.read")
@require_safe
def compared(request: HttpRequest, version_id: int) -> HttpResponse:
    """What is different between a version and another one of the same document, line by line."""
    after, before = document_or_404(version_id), document_or_404(number_in(request.GET.get("with", "")))
    if (before.kind, before.name) != (after.kind, after.name):
        raise Http404
    if before.version > after.version:
        before, after = after, before
    lines = difference(toml.spell(said(before)), toml.spell(said(after)))
    return render(
        request, "desk/procedure_difference.html",
        {
            "card": after, "before": before, "title": KINDS[after.kind], "lines": lines, "people": people(),
            "changes": changed(after.kind, before.body, after.body, known(queries.book())),
            "added": sum(line.mark == "added" for line in lines),
            "removed": sum(line.mark == "removed" for line in lines),
        },
    )  # fmt: skip


@who.needs("procedures.read")
@require_safe
def preview(request: HttpRequest, version_id: int) -> HttpResponse:
    """A letter as it would be sent, on an order or on examples, on every channel."""
    card, reference = letter_or_404(version_id), request.GET.get("order", "").strip()[:100]
    shown: dict[str, Any] = {"card": card, "reference": reference, "languages": _languages(card, reference)}
    try:
        shown["seen"], status = _seen(request, card, reference), 200
    except Refused as refused:
        shown["refusals"], status = refused.refusals, refused.status
    return render(request, "desk/procedure_preview.html", shown, status=status)


def _languages(card: DocumentCard, reference: str) -> list[tuple[str, str, bool, None]]:
    """The same letter in every language, as chips: name, address, whether it is this one."""
    letter, _dot, mine = card.name.rpartition(".")
    on = f"?order={quote(reference)}" if reference else ""
    others = [(words.language, words.document_id) for words in queries.letter_words(letter) if words.language != mine]
    found = sorted([(mine, card.id), *others], key=lambda one: LANGUAGES.index(one[0]) if one[0] in LANGUAGES else 99)
    return [
        (named_code(tag), reverse("desk:procedure_preview", args=[pk]) + on, tag == mine, None) for tag, pk in found
    ]


@who.needs("procedures.read")
@require_safe
@xframe_options_sameorigin
def letter(request: HttpRequest, version_id: int) -> HttpResponse:
    """The HTML of a preview alone."""
    return framed(_seen(request, letter_or_404(version_id), request.GET.get("order", "").strip()[:100]).html)


def letter_or_404(version_id: int) -> DocumentCard:
    """The version of this number, which is one of a letter."""
    card = document_or_404(version_id)
    if card.kind != TEMPLATE:
        raise Http404
    return card


def _seen(request: HttpRequest, card: DocumentCard, reference: str) -> previews.Preview:
    return previews.preview(card.id, order_named(request, reference), now=timezone.now())


def order_named(request: HttpRequest, reference: str) -> int | None:
    """The order that a letter shall be shown on; None for examples. Refuses `no_order`."""
    if not reference:
        return None
    who.require(request, "orders.read")
    order_id = orders.find(reference)
    if order_id is None:
        raise Refused(replace(NO_ORDER, values={"reference": reference}))
    return order_id


def framed(html: str) -> HttpResponse:
    """The HTML of a letter for a frame: it can run nothing, load nothing of ours and send nothing."""
    response = HttpResponse(html.replace("<head>", '<head><base target="_blank">', 1))
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    return response
