"""A call to make: the number, the good time, the words as they are true now, and what came of it, all on one page (NTF-2)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from milepost.faces.desk import who
from milepost.faces.desk.forms import first_errors
from milepost.ground.duties import queries as duties
from milepost.ground.duties.words import DutyCard
from milepost.ground.notices import commands as notices
from milepost.ground.notices import people
from milepost.ground.notices.words import CallCard, CallOutcome, Later, Letter, State, Withheld
from milepost.kernel.refusals import Refused
from milepost.way.orders import queries as orders

OUTCOMES = (
    (CallOutcome.REACHED, gettext_lazy("Reached: they know")),
    (CallOutcome.VOICEMAIL, gettext_lazy("Left on the answering machine")),
    (CallOutcome.NO_ANSWER, gettext_lazy("No answer")),
    (CallOutcome.WRONG_NUMBER, gettext_lazy("Wrong number")),
    (CallOutcome.NO_MORE_CALLS, gettext_lazy("Reached, and wants no more calls")),
)


class Outcome(forms.Form):
    """How the call went."""

    outcome = forms.ChoiceField(choices=[(str(code), label) for code, label in OUTCOMES])
    note = forms.CharField(max_length=300, required=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPage:
    """A call with its order and its words. `held`: why it should not be made any more, or not now."""

    card: CallCard
    reference: str
    name: str
    number: str
    subject: str
    script: str
    held: str
    old: Withheld | None
    good_from: datetime | None
    good_until: datetime | None
    zone: str

    @property
    def is_open(self) -> bool:
        """Whether it is still to be made."""
        return self.card.state == State.CALLING

    @property
    def elsewhere(self) -> bool:
        """Whether their clock shows another time than ours."""
        if self.good_from is None or not self.zone:
            return False
        ours, theirs = (self.good_from.astimezone(ZoneInfo(zone)) for zone in (settings.HOME_ZONE, self.zone))
        return ours.utcoffset() != theirs.utcoffset()


@who.needs("orders.read", acts="duties.work")
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Show the call, and take what came of it."""
    page = _page(notice_id, timezone.now())
    if request.method == "POST":
        return _take(request, page)
    return render(request, "desk/call.html", {"page": page, "outcomes": OUTCOMES, "now": timezone.now()})


def _take(request: HttpRequest, page: CallPage) -> HttpResponse:
    if request.POST.get("do") == "off" and page.old:
        notices.call_off([page.card.notice_id], page.old.reason, page.old.says, act=who.act(request))
        messages.success(request, _("Taken off the desk."))
        return redirect("desk:my_desk")
    form = Outcome(request.POST)
    if not form.is_valid():
        raise Refused(*first_errors(form))
    outcome = CallOutcome(form.cleaned_data["outcome"])
    notices.record_call(
        page.card.notice_id, outcome, act=who.act(request, reason=form.cleaned_data["note"], channel="phone")
    )
    messages.success(request, _("Noted on the order."))
    return redirect("desk:my_desk")


def _page(notice_id: UUID, now: datetime) -> CallPage:
    from milepost.reactions.letters import compose  # what few processes of the desk need

    card, due = people.call(notice_id), people.as_due(notice_id)
    if card is None or due is None:
        raise Http404
    answer = compose([due], now=now)[notice_id] if card.state == State.CALLING else None
    letter = answer if isinstance(answer, Letter) else None
    contact = orders.contacts([card.order_id]).get(card.order_id) if card.order_id is not None else None
    duty = _duty(card)
    return CallPage(
        card=card, reference=contact.reference if contact else "", name=letter.name if letter else contact.name if contact else "",
        number=letter.address if letter else card.number, subject=letter.subject if letter else card.subject,
        script=letter.text if letter else card.script,
        held=answer.says if isinstance(answer, Withheld | Later) else "", old=answer if isinstance(answer, Withheld) else None,
        good_from=_instant(duty, "from"), good_until=_instant(duty, "until"),
        zone=str(duty.data["zones"][0]) if duty and duty.data.get("zones") else "",
    )  # fmt: skip


def _duty(card: CallCard) -> DutyCard | None:
    """The open duty of the call, which knows the good time."""
    found = duties.duties_of(card.order_id) if card.order_id is not None else []
    return next((one for one in found if one.is_open and one.subject_id == str(card.notice_id)), None)


def _instant(duty: DutyCard | None, name: str) -> datetime | None:
    return datetime.fromisoformat(duty.data[name]) if duty and duty.data.get(name) else None
