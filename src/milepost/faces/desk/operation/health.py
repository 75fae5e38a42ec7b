"""Health: how the house itself does, what waits and what failed, and having it done again (OPS-1)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from milepost.faces.desk import places, who
from milepost.ground.arrivals import commands as arrivals
from milepost.ground.arrivals import queries as kept
from milepost.ground.arrivals.words import CAN_BE_RETRIED, State
from milepost.ground.notices import outboxes
from milepost.ground.notices.words import Channel
from milepost.overview.health import commands, queries
from milepost.way.orders import queries as orders

ON_ONE_PAGE = 50


@who.needs("health.read")
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Everything at one look, each number with the way to what is behind it."""
    page = queries.standing(timezone.now())
    about = orders.contacts({link.order_id for link in page.broken})
    shown: dict[str, Any] = {
        "page": page, "broken": [(link, about.get(link.order_id)) for link in page.broken],
        "may_repair": who.staff(request).may("health.repair"),
    }  # fmt: skip
    return render(request, "desk/health.html", shown)


@who.needs("health.read")
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """The messages behind one number: of one channel, in one standing."""
    standing, channel = request.GET.get("standing", "failed"), request.GET.get("channel", Channel.EMAIL)
    if standing not in outboxes.LISTED or channel not in set(Channel):
        raise Http404
    after = places.instant_and_uuid(request.GET.get("after", ""))
    found = outboxes.behind(standing, channel=channel, now=timezone.now(), limit=ON_ONE_PAGE + 1, after=after)
    rows, more = found[:ON_ONE_PAGE], found[ON_ONE_PAGE:]
    about = orders.contacts({row.order_id for row in rows if row.order_id is not None})
    shown = {
        "rows": [(row, about.get(row.order_id or 0)) for row in rows], "standing": standing, "channel": channel,
        "standings": outboxes.LISTED, "next": places.spell(rows[-1].at, rows[-1].id) if more else "", "paged": after is not None,
    }  # fmt: skip
    return render(request, "desk/health_outbox.html", shown)


@who.needs("health.read")
@require_safe
def arrived(request: HttpRequest) -> HttpResponse:
    """What peers sent, of one source and standing, the newest first."""
    source, state = request.GET.get("source", "")[:40], request.GET.get("state", "")
    if state and state not in set(State):
        raise Http404
    before = _uuid(request.GET.get("before", ""))
    found = kept.arrivals(source=source, state=state, before=before, limit=ON_ONE_PAGE + 1)
    rows, more = found[:ON_ONE_PAGE], found[ON_ONE_PAGE:]
    about = orders.contacts({row.order_id for row in rows if row.order_id is not None})
    shown = {
        "rows": [(row, about.get(row.order_id or 0), row.state in CAN_BE_RETRIED) for row in rows],
        "source": source, "state": state,
        "states": list(State), "next": rows[-1].id if more else "", "paged": before is not None,
        "retried": [row.id for row in rows if row.state in CAN_BE_RETRIED],
        "may_repair": who.staff(request).may("health.repair"),
    }  # fmt: skip
    return render(request, "desk/health_arrivals.html", shown)


@who.needs("health.read")
@require_safe
def original(request: HttpRequest, arrival_id: UUID) -> HttpResponse:
    """What came, byte for byte, as a file; never shown by the browser itself."""
    found = kept.original(arrival_id)
    if found is None:
        raise Http404
    response = HttpResponse(found.body, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{arrival_id}.bin"'
    return response


@who.needs("health.repair")
@require_POST
def retry_arrivals(request: HttpRequest) -> HttpResponse:
    """Work again on those that are named, after what was wrong has been put right; at most one page of them."""
    named = [one for one in map(_uuid, request.POST.getlist("arrival")) if one][:ON_ONE_PAGE]
    done = arrivals.retry(ids=named, act=who.act(request, reason="retried on the desk")) if named else None
    count = done.total if done else 0
    messages.success(request, _("Worked on again: %(count)s.") % {"count": count})
    if done and done.refused:
        messages.warning(
            request, _("Still refused: %(count)s. The sentence beside it says why.") % {"count": done.refused}
        )
    wanted = {name: request.POST[name] for name in ("source", "state") if request.POST.get(name)}
    return redirect(f"{reverse('desk:health_arrivals')}?{urlencode(wanted)}")


@who.needs("health.repair")
@require_POST
def retry_job(request: HttpRequest, job_id: int) -> HttpResponse:
    """Have a scheduled job that failed run once more."""
    commands.retry_job(job_id, act=who.act(request))
    messages.success(request, _("It is started again now."))
    return redirect("desk:health")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
