"""Access: who is on the staff with which roles, and which machines hold keys (ROL-1)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from milepost.faces.desk import who
from milepost.faces.desk.forms import first_errors
from milepost.faces.desk.people import people
from milepost.faces.desk.staff.permission_table import SAYS, table
from milepost.faces.desk.staff.says import says
from milepost.ground.access import commands, queries, sign_in_locks
from milepost.ground.access import second_factors as factors
from milepost.ground.access.models import Staff
from milepost.ground.access.words import ROLES, SCOPES, GrantedKey, StaffCard, Standing, permissions_of
from milepost.ground.journal.queries import story
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal, Refused

ROLE_CHOICES = [(code, _(name)) for code, name in ROLES.items()]
SCOPE_CHOICES = [(code, _(says)) for code, says in SCOPES.items()]


class Joining(forms.Form):
    """Somebody who is to sign in to the desk."""

    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("E-mail"))
    password = forms.CharField(
        label=_("First password"), required=False, strip=False, max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Without one they cannot sign in until one is set."),
    )  # fmt: skip
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=ROLE_CHOICES, required=False, widget=forms.CheckboxSelectMultiple
    )

    def clean_password(self) -> str:
        """One that can be guessed is refused."""
        password = str(self.cleaned_data["password"])
        if password:
            validate_password(password, Staff(name=self.cleaned_data.get("name", ""), email=self.data.get("email", "")))
        return password


class Granting(forms.Form):
    """A key for a machine."""

    key_name = forms.CharField(label=_("Whose it is"), max_length=200)
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=SCOPE_CHOICES, widget=forms.CheckboxSelectMultiple
    )


@who.needs("access.read", acts="access.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def access(request: HttpRequest) -> HttpResponse:
    """Everybody on the staff and all keys; put somebody on the staff."""
    if request.method != "POST":
        return _show(request)
    form = Joining(request.POST)
    if not form.is_valid():
        return _show(request, joining=form, refusals=tuple(first_errors(form)), status=422)
    said = form.cleaned_data
    try:
        number = commands.join(
            email=said["email"], name=said["name"], roles=said["roles"], password=said["password"] or None,
            act=who.act(request),
        )  # fmt: skip
    except Refused as refused:
        return _show(request, joining=form, refusals=refused.refusals, status=refused.status)
    messages.success(request, _("They are on the staff now."))
    return redirect("desk:access_person", number)


@who.needs("access.read")
@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """What each role may do, and each scope of a machine's key: the table as the code reads it."""
    shown = {"roles": ROLES.values(), "areas": table(), "scopes": SCOPES.items()}
    return render(request, "desk/access_roles.html", shown)


@who.needs("access.read", acts="access.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, staff_id: int) -> HttpResponse:
    """One member of staff: what they may do, how they sign in, what changed; give them roles, let them leave or come back."""
    if request.method != "POST":
        return _show_person(request, staff_id)
    act, verb = who.act(request, reason=request.POST.get("reason", "").strip()[:300]), request.POST.get("verb", "")
    try:
        if verb == "roles":
            commands.set_roles(staff_id, _in_order(request.POST.getlist("roles")), act=act)
        elif verb == "leave":
            commands.leave(staff_id, act=act)
        elif verb == "come_back":
            commands.come_back(staff_id, act=act)
        elif verb == "reset":
            _reset(request, staff_id, act)
        elif verb == "sign_out":
            factors.end_sessions(staff_id, act=act)
        elif verb == "password":
            commands.set_password(staff_id, request.POST.get("password", ""), act=act)
        else:
            return _show_person(request, staff_id)
    except Refused as refused:
        return _show_person(request, staff_id, refusals=refused.refusals, status=refused.status)
    messages.success(request, _("Done: it holds from now on."))
    return redirect("desk:access_person", staff_id)


def _reset(request: HttpRequest, staff_id: int, act: Act) -> None:
    """Take somebody's second factors away, and tell them where mail can be sent."""
    card = queries.staff_card(staff_id)
    if factors.reset(staff_id, act=act) and card is not None and settings.SMTP_URL:
        get_adapter().send_mail("account/email/second_factor_reset", card.email, {"name": card.name})


@who.needs("access.open")
@require_POST
def open_again(request: HttpRequest, staff_id: int) -> HttpResponse:
    """Somebody who gave wrong passwords or codes too often may try again at once."""
    sign_in_locks.open_again(staff_id, act=who.act(request))
    ratelimit.clear(request, action="login_failed", key=f"mfa-auth-user-{staff_id}")
    messages.success(request, _("They can sign in again."))
    return redirect("desk:access_person", staff_id)


def _in_order(roles: list[str]) -> list[str]:
    """Each role once, in the order of the table; unknown ones stay, to be refused."""
    return [*(role for role in ROLES if role in roles), *(role for role in roles if role not in ROLES)]


@who.needs("access.manage")
@require_POST
def grant(request: HttpRequest) -> HttpResponse:
    """A new key, whose plain text is shown this once and kept nowhere."""
    form = Granting(request.POST)
    if not form.is_valid():
        return _show(request, granting=form, refusals=tuple(first_errors(form)), status=422)
    said = form.cleaned_data
    key = commands.grant_key(said["key_name"], said["scopes"], act=who.act(request))
    return _show(request, key=key, status=201)


@who.needs("access.manage")
@require_POST
def revoke(request: HttpRequest, key_id: int) -> HttpResponse:
    """A key is worth nothing from now on."""
    commands.revoke_key(key_id, act=who.act(request))
    messages.success(request, _("Revoked: the key is worth nothing from now on."))
    return redirect("desk:access")


def _show(
    request: HttpRequest, *, joining: Joining | None = None, granting: Granting | None = None, key: GrantedKey | None = None,
    refusals: tuple[Refusal, ...] = (), status: int = 200,
) -> HttpResponse:  # fmt: skip
    everybody = sorted(queries.staff(active_only=False), key=lambda card: not card.is_active)
    shown: dict[str, Any] = {
        "staff": _with_standing(everybody), "keys": queries.keys(),
        "wanted_roles": [name for role, name in ROLE_CHOICES if role in settings.MFA_ROLES],
        "roles": ROLES, "joining": joining or Joining(), "granting": granting or Granting(), "key": key, "refusals": refusals,
        "may_manage": who.staff(request).may("access.manage"),
    }  # fmt: skip
    answer = render(request, "desk/access.html", shown, status=status)
    if key:
        answer["Cache-Control"] = "no-store"
    return answer


def _with_standing(cards: Sequence[StaffCard]) -> list[tuple[StaffCard, Standing, datetime | None, bool]]:
    """Each with how they sign in, until when they cannot, and whether they must still set up a second factor. Two statements."""
    standings = factors.standings([card.id for card in cards])
    locked = sign_in_locks.locked_among({card.id: card.email for card in cards}, now=timezone.now())
    wanted = settings.MFA_ROLES
    return [
        (
            card,
            standings[card.id],
            locked.get(card.id),
            not wanted.isdisjoint(card.roles) and not standings[card.id].has_factor,
        )
        for card in cards
    ]


def _show_person(
    request: HttpRequest, staff_id: int, *, refusals: tuple[Refusal, ...] = (), status: int = 200
) -> HttpResponse:
    card = queries.staff_card(staff_id) if staff_id < 2**63 else None
    if card is None:
        raise Http404
    names = people()
    ((_card, standing, locked_until, missing),) = _with_standing([card])
    shown = {
        "standing": standing, "locked_until": locked_until, "missing": missing,
        "may_open": who.staff(request).may("access.open"),
        "card": card, "roles": [(code, name, code in card.roles) for code, name in ROLE_CHOICES],
        "permissions": [SAYS.get(one, one) for one in permissions_of(card.roles)] if card.is_active else [],
        "story": [(told, says(told), names.name(told.actor)) for told in reversed(story(staff_id, stream="staff"))],
        "refusals": refusals,
        "may_manage": who.staff(request).may("access.manage"),
    }  # fmt: skip
    return render(request, "desk/access_person.html", shown, status=status)
