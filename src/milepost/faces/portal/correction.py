"""Delivery details put right by the customer, and where a parcel may be left, until the goods are handed over (ROL-2).

Whoever only has the link could send a parcel elsewhere; so this page is for browsers that opened the link by a code.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from milepost.faces.look.questions import kind_of, label_of
from milepost.faces.portal.opening import needs_open
from milepost.faces.portal.page import TrackingPage
from milepost.faces.portal.views import behind_link
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal, Refused
from milepost.way.intake import commands as intake
from milepost.way.intake import queries as asked
from milepost.way.intake.questions import Clarification
from milepost.way.intake.words import Finding
from milepost.way.orders import queries as orders
from milepost.way.orders.words import OrderCard

ADDRESS = ("name", "company", "street", "postal_code", "city", "region")
INSTRUCTIONS = "instructions"
FIELDS = (*(f"ship_to.{part}" for part in ADDRESS), "customer.phone", INSTRUCTIONS)
"""What a recipient may put right; another country is another order."""
LEAVE = ("neighbour", "safe_place", "bell")
"""What shall be done when nobody opens; the sentence for whoever delivers stands in `portal/instruction.txt`."""
LONGEST_WISH = 200


@dataclass(frozen=True, slots=True)
class Detail:
    """One field of the form."""

    name: str
    typed: str

    @property
    def label(self) -> Any:
        """What stands in the field."""
        return label_of(self.name)

    @property
    def kind(self) -> Any:
        """How a browser treats the field."""
        return kind_of(self.name)

    @property
    def key(self) -> str:
        """What the field is called in the form."""
        return self.name.replace(".", "_")


@dataclass(frozen=True, slots=True)
class Wish:
    """What to do when nobody opens, and with whom, where, or under which name."""

    leave: str = ""
    where: str = ""


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@behind_link("track")
@needs_open
def correction(request: HttpRequest, token: str, page: TrackingPage) -> HttpResponse:
    """Show what stands, or carry out what was changed; what is doubtful is asked about once more before it is believed."""
    card = orders.card(page.order_id)
    late = card is None or not page.may_correct
    if request.method != "POST" or card is None or late:
        status = TOO_LATE.status if late and request.method == "POST" else 200
        stands = _stands(card) if card else {}
        return _show(request, token, page, stands, refusals=[TOO_LATE] if late else [], status=status)
    said = {name: str(request.POST.get(Detail(name, "").key, "")).strip() for name in FIELDS}
    wish = Wish(str(request.POST.get("leave", "")), str(request.POST.get("leave_where", "")).strip()[:LONGEST_WISH])
    if wish.leave in LEAVE and not wish.where:
        return _show(request, token, page, said, wish=wish, refusals=[NOT_SAID_WHERE], status=422)
    changes = _changes(card, said, wish)
    confirmed = request.POST.get("confirmed") == "yes"
    doubts = [] if confirmed else _doubts(card, changes)
    if not changes or doubts:
        refusals = [] if changes else [NOTHING_SAID]
        return _show(request, token, page, said, wish=wish, refusals=refusals, doubts=doubts, status=422)
    try:
        intake.answer(
            [Clarification(order_id=card.id, corrections=changes, confirmed=confirmed)],
            act=Act.now("customer", channel="portal", now=timezone.now()),
        )
    except Refused as refused:
        return _show(request, token, page, said, wish=wish, refusals=list(refused.refusals), status=refused.status)
    response = redirect("portal:track", token=token)
    response["Location"] += "?said=corrected#answer"
    return response


def _stands(card: OrderCard) -> dict[str, str]:
    parts = {f"ship_to.{part}": str(getattr(card.ship_to, part)) for part in ADDRESS}
    return {**parts, "customer.phone": card.phone, INSTRUCTIONS: card.instructions}


def _changes(card: OrderCard, said: dict[str, str], wish: Wish) -> dict[str, str]:
    """What shall be different; an empty field stays as it is. A wish stands before what else is to be known."""
    stands = _stands(card)
    changes = {name: value for name, value in said.items() if value and value != stands[name]}
    if wish.leave in LEAVE:
        with translation.override(None):  # whoever delivers reads the language of the house
            words = render_to_string("portal/instruction.txt", {"leave": wish.leave, "where": wish.where}).strip()
        more = said[INSTRUCTIONS] or stands[INSTRUCTIONS]
        if not more.startswith(words):
            changes[INSTRUCTIONS] = f"{words}\n{more}".strip()
    return changes


def _doubts(card: OrderCard, changes: dict[str, str]) -> list[Finding]:
    """What verification would ask about the order as it would stand."""
    parts = {name.removeprefix("ship_to."): value for name, value in changes.items() if name.startswith("ship_to.")}
    phone = changes.get("customer.phone", "")
    found = asked.delivery_doubts(replace(card.ship_to, **parts), phone=phone)
    about = {"ship_to" if parts else "", "customer" if phone else ""}
    return [finding for finding in found if finding.field.partition(".")[0] in about]


def _show(
    request: HttpRequest, token: str, page: TrackingPage, said: dict[str, str], *, refusals: list[Refusal],
    wish: Wish | None = None, doubts: list[Finding] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    words = {
        "page": page, "token": token, "refusals": refusals, "doubts": doubts or (), "wish": wish or Wish(),
        "details": [Detail(name, said.get(name, "")) for name in FIELDS if name != INSTRUCTIONS],
        "instructions": Detail(INSTRUCTIONS, said.get(INSTRUCTIONS, "")),
    }  # fmt: skip
    return render(request, "portal/correction.html", words, status=status)


TOO_LATE = Refusal(
    code="too_late",
    says="Your order has already left us, so its details can no longer be changed here.",
    do="Call us or write to us: we will see with the carrier what can still be done.",
    status=409,
)
NOTHING_SAID = Refusal(
    code="nothing_said", says="Nothing was changed.", do="Change what shall be different; what you leave empty stays."
)
NOT_SAID_WHERE = Refusal(
    code="not_said_where",
    says="You have not said with whom, where, or which name is on the bell.",
    do="A few words are enough.",
)
