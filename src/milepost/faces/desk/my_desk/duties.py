"""My desk: the open duties of my roles, most urgent first, in groups; it looks after itself while it is open."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from milepost.faces.desk import places, who
from milepost.faces.desk.my_desk.duty_forms import Several, tomorrow_morning
from milepost.faces.desk.my_desk.duty_rows import Row, rows_of
from milepost.faces.desk.my_desk.next_steps import IDLE, step_of
from milepost.ground.access import queries as access
from milepost.ground.access.models import Staff
from milepost.ground.access.words import ROLES
from milepost.ground.duties import desks
from milepost.ground.duties.words import DutyCard, Load, Urgency, View
from milepost.ground.notices import queries as notices
from milepost.kernel.refusals import Refusal
from milepost.way.orders import queries as orders

SIZES = {Urgency.LATE: 25, Urgency.TODAY: 25, Urgency.SOON: 15, Urgency.WAITING: 10}
"""How many of each group the desk shows; a group has its own page with the rest."""
OF_ONE_GROUP = 75
SEES_ALL = ("administrator", "auditor", "management")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to see, as the address says it."""

    role: str = ""
    kind: str = ""
    mine: bool = False
    person: int | None = None
    group: str = ""
    after: str = ""

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What of it a form or an address carries along."""
        said = (
            ("role", self.role), ("kind", self.kind), ("mine", "1" if self.mine else ""), ("person", str(self.person or "")),
            ("group", self.group), ("after", self.after),
        )  # fmt: skip
        return [(name, value) for name, value in said if value]

    def query(self, **changes: Any) -> str:
        """The address's query for this wish with changes; nothing for the plain desk."""
        return urlencode(replace(self, **changes).kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What lies on a desk: the duties of each group, and how much there is of what."""

    wish: Wish
    view: View
    groups: Mapping[Urgency, Sequence[DutyCard]]
    loads: Mapping[tuple[str, str], Load]
    mine: Load
    more: Mapping[Urgency, bool]

    @property
    def cards(self) -> list[DutyCard]:
        """All that is shown."""
        return [card for cards in self.groups.values() for card in cards]

    @property
    def load(self) -> Load:
        """How much there is of what is looked at."""
        if self.view.assignee is not None:
            return self.mine
        wanted = (load for (role, kind), load in self.loads.items() if self._is_shown(role, kind))
        return sum(wanted, Load())

    def by_role(self) -> dict[str, Load]:
        """How much lies on each role's desk."""
        sums: dict[str, Load] = defaultdict(Load)
        for (role, _kind), load in self.loads.items():
            sums[role] += load
        return sums

    def kinds(self) -> list[str]:
        """The kinds that there are on the desk."""
        return sorted({kind for role, kind in self.loads if not self.wish.role or role == self.wish.role})

    def _is_shown(self, role: str, kind: str) -> bool:
        return role in self.view.roles and kind in (self.view.kind or kind, self.view.kind)

    def version(self, me: Staff) -> str:
        """The same for the same content, so that a browser that has it need not be sent it again."""
        shown = [
            (part, [(card.id, card.role, card.assignee, card.due_at, card.level, card.snoozed_until) for card in cards])
            for part, cards in self.groups.items()
        ]
        said = (
            me.pk,
            me.roles,
            get_language(),
            self.wish,
            self.view.end_of_today,
            shown,
            sorted((key, load.said) for key, load in self.loads.items()),
            self.mine.said,
        )
        return sha256(repr(said).encode()).hexdigest()[:20]


@who.needs("duties.read")
@require_safe
def my_desk(request: HttpRequest) -> HttpResponse:
    """The open duties of my roles in groups: late, due today, later, waiting for others."""
    return show(request)


def show(
    request: HttpRequest, *, bound: Several | None = None, ticked: Sequence[str] = (),
    refusals: Sequence[Refusal] = (), status: int = 200,
) -> HttpResponse:  # fmt: skip
    """My desk; after a refusal with what was ticked and typed."""
    me, now = who.staff(request), timezone.now()
    found = look(request, me, now)
    told = notices.in_app(found.view.roles or _own(me), limit=8)
    about = orders.contacts({card.order_id for card in told if card.order_id is not None})
    return render(
        request,
        "desk/my_desk.html",
        {
            **_words(found, me), "told": [(card, about.get(card.order_id or 0)) for card in told],
            "several": bound or Several(initial={"until": tomorrow_morning(now)}), "ticked": ticked, "refusals": refusals,
        },
        status=status,
    )  # fmt: skip


@who.needs("duties.read")
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The part of my desk that changes; unchanged since the last look: 304, after two statements about duties."""
    me = who.staff(request)
    found = look(request, me, timezone.now())
    etag = f'"{found.version(me)}"'
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return unchanged
    response = render(request, "desk/duties/live.html", _words(found, me))
    response.headers["ETag"] = etag
    return response


def look(request: HttpRequest, me: Staff, now: datetime) -> Found:
    """What lies on the desk that was asked for. Three statements."""
    wish = _wish(request, me)
    group = next((part for part in Urgency if part == wish.group), None)
    view = View(
        now=now, end_of_today=end_of_today(now), roles=[wish.role] if wish.role else roles_seen(me), kind=wish.kind,
        assignee=me.pk if wish.mine else wish.person, idle=IDLE,
    )  # fmt: skip
    sizes = {group: OF_ONE_GROUP} if group else SIZES
    asked = {part: size + 1 for part, size in sizes.items()}
    groups = desks.rows(view, asked, after=places.instant_and_uuid(wish.after) if group else None)
    whose = me.pk if view.assignee is None else view.assignee
    return Found(
        wish=wish, view=view, groups={part: cards[: sizes[part]] for part, cards in groups.items()},
        more={part: len(cards) > sizes[part] for part, cards in groups.items()},
        loads=desks.by_role_and_kind(replace(view, kind="", roles=_counted(me, wish))),
        mine=desks.by_person(view, [whose]).get(whose, Load()),
    )  # fmt: skip


def _wish(request: HttpRequest, me: Staff) -> Wish:
    said = request.GET if request.method in ("GET", "HEAD") else request.POST
    oversees = me.may("duties.oversee")
    role, person = said.get("role", ""), said.get("person", "")
    return Wish(
        role=role if role in (ROLES if oversees else roles_seen(me)) else "", kind=said.get("kind", "")[:32].strip("\0"),
        mine="mine" in said, group=said.get("group", "") if said.get("group", "") in set(Urgency) else "",
        person=int(person) if oversees and person.isdecimal() and len(person) < 19 else None, after=said.get("after", "")[:200],
    )  # fmt: skip


def _own(me: Staff) -> list[str]:
    return [role for role in ROLES if role in me.roles]


def _counted(me: Staff, wish: Wish) -> list[str]:
    """The roles whose numbers stand above the desk: those that somebody sees, and the one that is looked at."""
    return list(dict.fromkeys([*roles_seen(me), *([wish.role] if wish.role else [])]))


def _words(found: Found, me: Staff) -> dict[str, Any]:
    rows = {row.duty.id: row for row in rows_of(found.cards, me, found.view.now)}
    wish, by_role = found.wish, found.by_role()
    person = access.staff_card(wish.person) if wish.person else None
    plain = {"group": "", "after": ""}
    of_roles = {**plain, "role": "", "person": None, "mine": False}
    return {
        "groups": [_group(found, part, cards, rows) for part, cards in found.groups.items()], "wish": wish, "load": found.load,
        "everything": _address(wish.query(**of_roles)), "mine": found.mine,
        "to_mine": _address(wish.query(**{**of_roles, "mine": True})),
        "roles": [
            (_address(wish.query(**{**of_roles, "role": role})), role, ROLES[role], by_role.get(role, Load()))
            for role in _counted(me, wish)
        ],
        "kinds": [(kind, step_of(kind).label) for kind in found.kinds()],
        "person": (person.name or person.email) if person else "", "query": wish.query(), "version": found.version(me),
        "back": _address(wish.query()), "whole": _address(wish.query(**plain)), "now": found.view.now,
        "has_role": bool(roles_seen(me)),
    }  # fmt: skip


def _group(found: Found, part: Urgency, cards: Sequence[DutyCard], rows: Mapping[Any, Row]) -> dict[str, Any]:
    last = cards[-1]
    onward = found.wish.query(group=part.value, after=places.spell(last.due_at, last.id) if found.wish.group else "")
    return {
        "part": part, "rows": [rows[card.id] for card in cards], "more": _address(onward) if found.more[part] else "",
        "count": found.load.said[part.value],
    }  # fmt: skip


def _address(query: str) -> str:
    return reverse("desk:my_desk") + (f"?{query}" if query else "")


def roles_seen(me: Staff) -> list[str]:
    """Whose duties somebody sees: those of their roles; of all roles for who leads or audits."""
    return list(ROLES) if me.has_role(*SEES_ALL) else _own(me)


def end_of_today(now: datetime) -> datetime:
    """The next midnight of the reader's zone."""
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, time()))


def back(request: HttpRequest) -> HttpResponse:
    """To the page from which the form was sent, if it is ours."""
    wanted = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(wanted if safe else "desk:my_desk")
