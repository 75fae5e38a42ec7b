"""The page on which a customer answers what we asked about their order: each field confirmed or corrected (VER-3).

The link is the only key; it was sent to the customer, so the page shows what we have, but nothing that is not asked about.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from milepost.faces.look import questions as form
from milepost.faces.portal.behind import kept_to_themselves
from milepost.faces.portal.languages import read_by
from milepost.ground.access import links
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal, Refused
from milepost.way.intake import commands as intake
from milepost.way.intake import queries as asked
from milepost.way.intake.questions import Clarification, Question
from milepost.way.orders import queries as orders
from milepost.way.orders.words import State

PURPOSE = "questions"


@dataclass(frozen=True, slots=True)
class QuestionsPage:
    """What is open about an order, and what was answered without settling it."""

    order_id: int
    reference: str
    state: str
    open: tuple[Question, ...]

    @property
    def waiting(self) -> list[Question]:
        """What waits for an answer."""
        return [one for one in self.open if not one.answer]

    @property
    def outcome(self) -> str:
        """What the page has to say."""
        if self.state == State.CANCELLED:
            return "cancelled"
        if self.waiting:
            return "ask"
        return "looking" if self.open else "settled"


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is asked, and take the answer. What the link refuses is a page that says so (404, 410)."""
    try:
        order_id = links.open(token, PURPOSE, now=timezone.now())
        page = _page(order_id)
        with read_by(request, order_id):
            response = _answer(request, token, page) if request.method == "POST" else _show(request, page)
    except Refused as refused:
        response = render(request, "portal/closed.html", {"refusal": refused.refusals[0]}, status=refused.status)
    return kept_to_themselves(response)


def _page(order_id: int) -> QuestionsPage:
    contact = orders.contacts([order_id]).get(order_id)
    if contact is None:
        raise Refused(links.LINK_UNKNOWN)
    found = asked.questions([order_id]).get(order_id, [])
    return QuestionsPage(order_id, contact.reference, contact.state, tuple(found))


def _answer(request: HttpRequest, token: str, page: QuestionsPage) -> HttpResponse:
    """What was said takes effect, or is shown again with what is wrong. A page that is out of date shows what stands now."""
    said = {str(key): str(value) for key, value in request.POST.items()}
    typed = form.typed(form.shown(page.waiting), said)
    mine = [one for one in typed if f"value_{one.key}" in said or f"choice_{one.key}" in said]
    if not mine:
        return redirect("portal:questions", token=token)
    try:
        intake.answer(
            [Clarification(order_id=page.order_id, replies=form.replies(mine))],
            act=Act.now("customer", channel="portal", now=timezone.now()),
        )
    except Refused as refused:
        marked, rest = form.with_faults(typed, refused.refusals)
        return _show(request, _page(page.order_id), asked=marked, refusals=rest, status=refused.status)
    response = redirect("portal:questions", token=token)
    response["Location"] += "?said=thanks#answer"
    return response


def _show(
    request: HttpRequest, page: QuestionsPage, *, asked: list[form.Asked] | None = None, refusals: list[Refusal] | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    words: dict[str, Any] = {
        "page": page, "asked": form.shown(page.waiting) if asked is None else asked, "refusals": refusals or (),
        "said": request.GET.get("said", ""),
    }  # fmt: skip
    return render(request, "portal/questions.html", words, status=status)
