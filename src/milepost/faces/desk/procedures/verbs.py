"""What people do with a version of a procedure: review it, publish it, keep it as it is. Nothing is edited in place (REV-1)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from milepost.faces.desk import who
from milepost.faces.desk.forms import Publishing
from milepost.faces.desk.procedures.versions import document_or_404, shown_all, shown_one
from milepost.faces.look.typed import number_in
from milepost.ground.procedures import commands
from milepost.kernel.refusals import Refusal, Refused

NONE_CHOSEN = Refusal(code="none_chosen", says="No document was marked.", do="Mark those that you have looked at.")


@who.needs("procedures.review")
@require_POST
def review(request: HttpRequest, version_id: int) -> HttpResponse:
    """Say that I have read somebody else's draft and agree."""
    document_or_404(version_id)
    try:
        commands.review([version_id], act=who.act(request))
    except Refused as refused:
        return shown_one(request, version_id, refusals=refused.refusals, status=refused.status)
    messages.success(request, _("Reviewed. It can be published now."))
    return redirect("desk:procedure", version_id)


@who.needs("procedures.publish")
@require_POST
def publish(request: HttpRequest, version_id: int) -> HttpResponse:
    """Sign a reviewed version, in force from a day on or at once."""
    document_or_404(version_id)
    form = Publishing(request.POST)
    if not form.is_valid():
        return shown_one(request, version_id, form=form, status=422)
    day = form.cleaned_data["effective_on"]
    try:
        commands.publish(
            [version_id], act=who.act(request), effective_on=day, instead_of=_looked_at(request, version_id)
        )
    except Refused as refused:
        return shown_one(request, version_id, form=form, refusals=refused.refusals, status=refused.status)
    later = day is not None and day > timezone.localdate()
    messages.success(request, _("Published. It counts from that day on.") if later else _("Published and in force."))
    return redirect("desk:procedure", version_id)


def _looked_at(request: HttpRequest, version_id: int) -> dict[int, int]:
    """The version that was in force when they looked, as the form says."""
    seen = request.POST.get("instead_of")
    return {} if seen is None else {version_id: number_in(seen)}


@who.needs("procedures.draft")
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Record that documents in force were looked at again and stay as they are: one, or those that are marked."""
    chosen = list(dict.fromkeys(number for value in request.POST.getlist("version") if (number := number_in(value))))
    if not chosen:
        return shown_all(request, refusals=(NONE_CHOSEN,), status=NONE_CHOSEN.status)
    try:
        commands.keep(chosen, act=who.act(request, reason=request.POST.get("reason", "").replace("\x00", "")[:300]))
    except Refused as refused:
        return shown_all(request, refusals=refused.refusals, status=refused.status)
    kept = ngettext("%(count)s document stays as it is.", "%(count)s documents stay as they are.", len(chosen))
    messages.success(request, kept % {"count": len(chosen)})
    return redirect("desk:procedure", chosen[0]) if len(chosen) == 1 else redirect("desk:procedures")
