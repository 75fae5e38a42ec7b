"""Teams: how much lies on each role's desk and with each person, how late and how old, with the duties behind each number."""

from collections import defaultdict
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from milepost.faces.desk import who
from milepost.faces.desk.my_desk.duties import end_of_today
from milepost.faces.desk.my_desk.next_steps import IDLE, step_of
from milepost.ground.access import queries as access
from milepost.ground.access.words import ROLES
from milepost.ground.duties import desks
from milepost.ground.duties.words import Load, Urgency, View


@dataclass(frozen=True, slots=True)
class Line:
    """One team, kind or person with how much they have to do."""

    name: str
    load: Load
    whose: str

    @property
    def cells(self) -> list[tuple[str, str, str]]:
        """Each number: which group, how it is shown, and the address of the duties that it counts."""
        return [(part.value, self.load.said[part.value], self._to(part.value)) for part in Urgency]

    @property
    def everything(self) -> str:
        """The address of all of them."""
        return self._to("")

    def _to(self, group: str) -> str:
        return f"{reverse('desk:my_desk')}?{self.whose}" + (f"&group={group}" if group else "")


@who.needs("duties.oversee")
@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    """Per role, per kind and per person: late, due today, later, waiting, and the oldest. Three statements."""
    now = timezone.now()
    view = View(now=now, end_of_today=end_of_today(now), roles=list(ROLES), idle=IDLE)
    loads = desks.by_role_and_kind(view)
    staff = {card.id: card for card in access.staff(active_only=False)}
    people = desks.by_person(view, list(staff))
    of_role: dict[str, Load] = defaultdict(Load)
    of_kind: dict[str, list[Line]] = defaultdict(list)
    for (role, kind), load in loads.items():
        of_role[role] += load
        of_kind[role].append(Line(str(step_of(kind).label), load, urlencode({"role": role, "kind": kind})))
    words = {
        "teams": [
            (Line(name, of_role[role], urlencode({"role": role})), sorted(of_kind[role], key=_by_age))
            for role, name in ROLES.items() if role in of_role
        ],
        "people": sorted(
            (Line(staff[key].name or staff[key].email, load, urlencode({"person": key})) for key, load in people.items()),
            key=_by_age,
        ),
        "all": sum(of_role.values(), Load()), "now": now, "most": desks.MOST,
    }  # fmt: skip
    return render(request, "desk/teams.html", words)


def _by_age(line: Line) -> tuple[int, str]:
    return -line.load.late, line.name
