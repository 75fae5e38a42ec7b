"""My desk: the open duties of my roles, most urgent first, and what can be done with each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from milepost.faces.desk import places, who
from milepost.faces.desk.forms import CloseDuty, SnoozeDuty, first_errors
from milepost.faces.desk.people import People, people
from milepost.ground.access.models import Staff
from milepost.ground.access.words import ROLES
from milepost.ground.duties import commands as duties
from milepost.ground.duties import queries
from milepost.ground.duties.rules import by_urgency
from milepost.ground.duties.words import DutyCard, Load
from milepost.ground.notices import queries as notices
from milepost.kernel.refusals import Refused
from milepost.way.orders import queries as orders
from milepost.way.orders.queries import Contact

ON_ONE_PAGE = 100
SEES_ALL = ("administrator", "auditor", "management")


@dataclass(frozen=True, slots=True)
class Shown:
    """A duty with the order that it is about and who has taken it."""

    duty: DutyCard
    about: Contact | None
    role: str
    taken_by: str
    is_mine: bool


@who.needs("duties.read")
@require_safe
def my_desk(request: HttpRequest) -> HttpResponse:
    """The open duties of my roles in groups: late, due today, later, waiting."""
    me, now = who.staff(request), timezone.now()
    roles = roles_seen(me)
    chosen = [role for role in roles if role == request.GET.get("role")] or roles
    found = queries.open_duties(
        chosen, limit=ON_ONE_PAGE + 1, after=places.instant_and_uuid(request.GET.get("after", "")),
        assignee=me.pk if "mine" in request.GET else None,
    )  # fmt: skip
    cards, more = found[:ON_ONE_PAGE], found[ON_ONE_PAGE:]
    midnight = end_of_today(now)
    loads = queries.count_by_role(now, end_of_today=midnight)
    grouped = by_urgency(cards, now=now, end_of_today=midnight)
    told = notices.in_app(chosen, limit=8)
    concerned = [*(card.order_id for card in cards), *(card.order_id for card in told)]
    about = orders.contacts({order_id for order_id in concerned if order_id is not None})
    named = people()
    return render(
        request,
        "desk/my_desk.html",
        {
            "groups": [(kind, [_shown(card, about, named, me) for card in some]) for kind, some in grouped],
            "roles": [(role, ROLES[role], loads[role]) for role in roles if role in loads],
            "has_role": bool(roles),
            "chosen": chosen[0] if len(chosen) == 1 and len(roles) > 1 else "",
            "mine": "mine" in request.GET,
            "load": _together([loads[role] for role in chosen if role in loads]),
            "told": [(card, about.get(card.order_id or 0)) for card in told],
            "next": places.spell(cards[-1].due_at, cards[-1].id) if more else "",
            "paged": "after" in request.GET,
            "snooze": SnoozeDuty(auto_id=False),
            "now": now,
        },
    )


def roles_seen(me: Staff) -> list[str]:
    """Whose duties somebody sees: those of their roles; of all roles for who leads or audits."""
    return list(ROLES) if me.has_role(*SEES_ALL) else [role for role in ROLES if role in me.roles]


def end_of_today(now: datetime) -> datetime:
    """The next midnight of the reader's zone."""
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, time()))


def _shown(card: DutyCard, about: dict[int, Contact], named: People, me: Staff) -> Shown:
    return Shown(
        card, about.get(card.order_id or 0), ROLES.get(card.role, card.role), named.staff_name(card.assignee),
        card.assignee == me.pk,
    )  # fmt: skip


def _together(loads: Sequence[Load]) -> Load:
    return Load(
        open=sum(load.open for load in loads), late=sum(load.late for load in loads),
        today=sum(load.today for load in loads), waiting=sum(load.waiting for load in loads),
        oldest_due_at=min((load.oldest_due_at for load in loads if load.oldest_due_at), default=None),
    )  # fmt: skip


@who.needs("duties.work")
@require_POST
def take(request: HttpRequest, duty_id: UUID) -> HttpResponse:
    """Take a duty upon myself."""
    duties.take([duty_id], staff_id=who.staff(request).pk, act=who.act(request))
    messages.success(request, _("It is yours now."))
    return back(request)


@who.needs("duties.work")
@require_POST
def snooze(request: HttpRequest, duty_id: UUID) -> HttpResponse:
    """Let a duty wait, with a reason."""
    form = SnoozeDuty(request.POST)
    if not form.is_valid():
        raise Refused(*first_errors(form))
    until, reason = form.cleaned_data["until"], form.cleaned_data["reason"]
    duties.snooze([duty_id], until=until, act=who.act(request, reason=reason))
    messages.success(request, _("It waits. Its due time stays as it was."))
    return back(request)


@who.needs("duties.work")
@require_POST
def close(request: HttpRequest, duty_id: UUID) -> HttpResponse:
    """Say that a duty is done or needless."""
    form = CloseDuty(request.POST)
    if not form.is_valid():
        raise Refused(*first_errors(form))
    duties.close_by_hand([duty_id], outcome="done by hand", act=who.act(request, reason=form.cleaned_data["reason"]))
    messages.success(request, _("Closed, with your reason on record."))
    return back(request)


def back(request: HttpRequest) -> HttpResponse:
    """To the page from which the form was sent, if it is ours."""
    wanted = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(wanted if safe else "desk:my_desk")
