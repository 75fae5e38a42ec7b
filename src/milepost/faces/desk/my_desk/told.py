"""What is told to me and my roles on the desk: the bell with its count, the list, and what I have seen of it (NTF-2, NTF-5)."""

from hashlib import sha256
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from milepost.faces.desk import places, who
from milepost.ground.access.models import Staff
from milepost.ground.access.words import ROLES
from milepost.ground.notices import commands as notices
from milepost.ground.notices import people
from milepost.way.orders import queries as orders

ON_ONE_PAGE = 50


def keys_of(me: Staff) -> list[str]:
    """Who somebody is when they are told something: each of their roles, and they themselves."""
    return [*(f"role:{role}" for role in ROLES if role in me.roles), f"staff:{me.pk}"]


@who.needs("duties.read")
@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    """How much is new, as a piece of the page's head; unchanged since the last look: 304."""
    me = who.staff(request)
    count = people.unread(keys_of(me), staff_id=me.pk)
    etag = f'"{sha256(f"{me.pk}:{count}".encode()).hexdigest()[:16]}"'
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return unchanged
    response = render(request, "desk/bell.html", {"count": count, "most": people.MOST_UNREAD})
    response.headers["ETag"] = etag
    return response


@who.needs("duties.read")
@require_safe
def told(request: HttpRequest) -> HttpResponse:
    """All that was told to me, newest first, what is new marked."""
    me, before = who.staff(request), places.instant_and_uuid(request.GET.get("before", ""))
    found = people.told_on_desk(keys_of(me), staff_id=me.pk, limit=ON_ONE_PAGE + 1, before=before)
    rows, more = found[:ON_ONE_PAGE], found[ON_ONE_PAGE:]
    concerned = {card.order_id for card, _new in rows if card.order_id is not None}
    about = orders.contacts(concerned) if concerned and me.may("orders.read") else {}
    return render(
        request,
        "desk/told.html",
        {
            "rows": [(card, new, about.get(card.order_id or 0)) for card, new in rows],
            "new": any(new for _card, new in rows), "paged": before is not None,
            "next": places.spell(rows[-1][0].planned_at, rows[-1][0].id) if more else "",
        },
    )  # fmt: skip


@who.needs("duties.read")
@require_POST
def see(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """I have seen one, and go on to its order if that was asked for."""
    notices.mark_seen([notice_id], staff_id=who.staff(request).pk, act=who.act(request))
    reference = request.POST.get("to", "")
    return redirect("desk:order", reference) if reference and "/" not in reference else redirect("desk:told")


@who.needs("duties.read")
@require_POST
def see_all(request: HttpRequest) -> HttpResponse:
    """I have seen everything so far."""
    notices.mark_all_seen(staff_id=who.staff(request).pk, act=who.act(request))
    messages.success(request, _("Everything is marked as seen."))
    return redirect("desk:told")
