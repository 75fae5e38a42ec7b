"""Access: who is on the staff with which roles, and which machines hold keys (ROL-1)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    NumericPasswordValidator,
    validate_password,
)
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from milepost.faces.desk import who
from milepost.faces.desk.forms import first_errors
from milepost.faces.desk.people import people
from milepost.ground.access import commands, queries
from milepost.ground.access.words import ROLES, SCOPES, GrantedKey, permissions_of
from milepost.ground.journal.queries import Told, story
from milepost.kernel.facts import sentence
from milepost.kernel.refusals import Refusal, Refused

ROLE_CHOICES = [(code, _(name)) for code, name in ROLES.items()]
SCOPE_CHOICES = [(code, _(says)) for code, says in SCOPES.items()]
STRONG = (MinimumLengthValidator, CommonPasswordValidator, NumericPasswordValidator)


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
            validate_password(password, password_validators=[one() for one in STRONG])
        return password


class Granting(forms.Form):
    """A key for a machine."""

    key_name = forms.CharField(label=_("Whose it is"), max_length=200)
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=SCOPE_CHOICES, widget=forms.CheckboxSelectMultiple
    )


@who.needs("access.read")
@require_http_methods(["GET", "HEAD", "POST"])
def access(request: HttpRequest) -> HttpResponse:
    """Everybody on the staff and all keys; put somebody on the staff."""
    if request.method != "POST":
        return _show(request)
    who.require(request, "access.manage")
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
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, staff_id: int) -> HttpResponse:
    """One member of staff: what they may do, what changed; give them roles, let them leave or come back."""
    if request.method != "POST":
        return _show_person(request, staff_id)
    who.require(request, "access.manage")
    act, verb = who.act(request, reason=request.POST.get("reason", "").strip()[:300]), request.POST.get("verb", "")
    try:
        if verb == "roles":
            commands.set_roles(staff_id, _in_order(request.POST.getlist("roles")), act=act)
        elif verb == "leave":
            commands.leave(staff_id, act=act)
        elif verb == "come_back":
            commands.come_back(staff_id, act=act)
        else:
            return _show_person(request, staff_id)
    except Refused as refused:
        return _show_person(request, staff_id, refusals=refused.refusals, status=refused.status)
    messages.success(request, _("Done: it holds from now on."))
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
    shown: dict[str, Any] = {
        "staff": sorted(queries.staff(active_only=False), key=lambda card: not card.is_active), "keys": queries.keys(),
        "roles": ROLES, "joining": joining or Joining(), "granting": granting or Granting(), "key": key, "refusals": refusals,
        "may_manage": who.staff(request).may("access.manage"),
    }  # fmt: skip
    answer = render(request, "desk/access.html", shown, status=status)
    if key:
        answer["Cache-Control"] = "no-store"
    return answer


def _show_person(
    request: HttpRequest, staff_id: int, *, refusals: tuple[Refusal, ...] = (), status: int = 200
) -> HttpResponse:
    card = queries.staff_card(staff_id) if staff_id < 2**63 else None
    if card is None:
        raise Http404
    names = people()
    shown = {
        "card": card, "roles": [(code, name, code in card.roles) for code, name in ROLE_CHOICES],
        "permissions": list(permissions_of(card.roles)) if card.is_active else [],
        "story": [(told, _says(told), names.name(told.actor)) for told in reversed(story(staff_id, stream="staff"))],
        "refusals": refusals,
        "may_manage": who.staff(request).may("access.manage"),
    }  # fmt: skip
    return render(request, "desk/access_person.html", shown, status=status)


def _says(told: Told) -> str:
    """The sentence of a change, with roles as people call them."""
    named = {
        field: ", ".join(str(_(ROLES[role])) if role in ROLES else str(role) for role in value) or "–"
        for field, value in told.data.items()
        if isinstance(value, list)
    }
    return sentence(told.kind, told.data | named)
