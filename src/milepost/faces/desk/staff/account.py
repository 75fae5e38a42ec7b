"""My account: how I sign in, where I am signed in, what changed; everybody on the staff, whatever their roles (ROL-1)."""

from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from milepost.faces.desk import who
from milepost.faces.desk.people import people
from milepost.faces.desk.staff import browsers, second_factors
from milepost.faces.desk.staff.permission_table import SAYS
from milepost.faces.desk.staff.says import says
from milepost.ground.access import commands
from milepost.ground.access import second_factors as factors
from milepost.ground.access.words import LOCK_MINUTES, permissions_of
from milepost.ground.journal.queries import story

SHOWN = 20


class Naming(forms.Form):
    """What colleagues read."""

    name = forms.CharField(label=_("Name"), max_length=200)


@who.own
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """How I sign in and where I am signed in; first what I must still do."""
    mine, names = who.staff(request), people()
    shown = {
        "standing": factors.standings([mine.pk])[mine.pk], "passkeys": factors.passkeys(mine.pk),
        "missing": second_factors.is_missing(mine), "wanted": second_factors.is_wanted(mine),
        "permissions": [SAYS.get(one, one) for one in permissions_of(mine.roles)],
        "naming": Naming(initial={"name": mine.name}), "minutes": LOCK_MINUTES,
        "sessions": [
            (browsers.described(one.user_agent), one, one.session_key == request.session.session_key)
            for one in sorted(UserSession.objects.purge_and_list(mine), key=lambda one: one.created_at, reverse=True)
        ],
        "story": [
            (told, says(told), names.name(told.actor)) for told in reversed(story(mine.pk, stream="staff")[-SHOWN:])
        ],
    }  # fmt: skip
    return render(request, "desk/me_first.html" if shown["missing"] else "desk/me.html", shown)


@who.own
@require_POST
def rename(request: HttpRequest) -> HttpResponse:
    """Another name from now on."""
    form = Naming(request.POST)
    if form.is_valid():
        commands.rename(who.staff(request).pk, form.cleaned_data["name"], act=who.act(request))
        messages.success(request, _("Colleagues read your new name from now on."))
    else:
        messages.error(request, _("A name has one to 200 characters."))
    return redirect("desk:me")


@who.own
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Signed out everywhere but here."""
    mine = who.staff(request)
    factors.end_sessions(mine.pk, act=who.act(request))
    mine.refresh_from_db(fields=["sessions_ended"])
    update_session_auth_hash(request, mine)
    UserSession.objects.create_from_request(request)
    messages.success(request, _("You are signed out everywhere but here."))
    return redirect("desk:me")


@who.own
@require_safe
def to_me(request: HttpRequest) -> HttpResponse:
    """Where allauth's own overviews would be."""
    return redirect("desk:me")
