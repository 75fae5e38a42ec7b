"""Who is asking: staff with the permission of the page, and the act in which they do something."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from milepost.faces.desk.staff import second_factors
from milepost.ground.access.models import Staff
from milepost.kernel.acts import Act

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
READING = frozenset({"GET", "HEAD", "OPTIONS"})
OWN = "own"
"""What stands for a permission on pages of one's own account: everybody on the staff has it."""


def needs(permission: str, *, acts: str = "") -> Callable[[View[P]], View[P]]:
    """Only for staff with this permission of `ground/access/words.py`; others sign in, or are told that they may not.

    What is not only read (POST) needs `acts` where that is named. Whose role must have a second factor sets it up first.

    Pages show times in the house's zone and are kept by no cache.
    """

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            require(request, permission if request.method in READING else acts or permission)
            if second_factors.is_missing(staff(request)):
                return _set_up_first(request)
            with timezone.override(settings.HOME_ZONE):
                response = view(request, *args, **kwargs)
            response.headers.setdefault("Cache-Control", "private, no-cache")
            return response

        cast(Any, guarded).permission, cast(Any, guarded).acts = permission, acts or permission
        return cast(View[P], guarded)

    return guard


def own(view: View[P]) -> View[P]:
    """For everybody on the staff: pages of their own account, which stay open to whoever must set up a second factor first."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        with timezone.override(settings.HOME_ZONE):
            response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    cast(Any, guarded).permission = cast(Any, guarded).acts = OWN
    return cast(View[P], guarded)


def _set_up_first(request: HttpRequest) -> HttpResponse:
    """To their account; a piece of a page that htmx asks for takes the whole page along."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("desk:me")})
    return redirect("desk:me")


def require(request: HttpRequest, permission: str) -> None:
    """Raise PermissionDenied for who has not this permission."""
    if not staff(request).may(permission):
        raise PermissionDenied


def staff(request: HttpRequest) -> Staff:
    """Who has signed in."""
    return cast(Staff, request.user)


def act(request: HttpRequest, *, reason: str = "", channel: str = "desk") -> Act:
    """What they do now, with their reason."""
    return Act.now(staff(request).actor, channel=channel, now=timezone.now(), reason=reason)
