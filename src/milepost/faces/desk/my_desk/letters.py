"""What a person decides about a message that did not go by itself: the customer knows, or it is sent again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from milepost.faces.desk import who
from milepost.faces.desk.forms import CloseDuty, first_errors
from milepost.faces.desk.my_desk.duties import back
from milepost.ground.notices import commands
from milepost.kernel.refusals import Refused


@who.needs("notices.repair")
@require_POST
def mark_as_sent(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """The recipient knows, and how."""
    commands.mark_as_sent([notice_id], act=who.act(request, reason=_reason(request)))
    messages.success(request, _("Noted: the recipient knows."))
    return back(request)


@who.needs("notices.repair")
@require_POST
def send_again(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """It is sent at once, at the risk of a second copy where the first is in doubt."""
    commands.send_again([notice_id], act=who.act(request, reason=_reason(request)))
    messages.success(request, _("It is sent again now."))
    return back(request)


def _reason(request: HttpRequest) -> str:
    form = CloseDuty(request.POST)
    if not form.is_valid():
        raise Refused(*first_errors(form))
    return str(form.cleaned_data["reason"])
