"""Who is asking: staff with the permission of the page, and the act in which they do something."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from milepost.ground.access.models import Staff
from milepost.kernel.acts import Act

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def needs(permission: str) -> Callable[[View[P]], View[P]]:
    """Only for staff with this permission of `ground/access/words.py`; others sign in, or are told that they may not.

    Pages show times in the house's zone and are kept by no cache.
    """

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            require(request, permission)
            with timezone.override(settings.HOME_ZONE):
                response = view(request, *args, **kwargs)
            response.headers.setdefault("Cache-Control", "private, no-cache")
            return response

        cast(Any, guarded).permission = permission
        return cast(View[P], guarded)

    return guard


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
