"""Files behind a link: the day of delivery for calendars (RFC 5545), and the map of the way."""

from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from milepost.faces.look.brand import PICTURE_POLICY
from milepost.faces.portal.map.drawing import draw
from milepost.faces.portal.page import TrackingPage
from milepost.faces.portal.views import behind_link
from milepost.kernel.refusals import Refusal, Refused
from milepost.reactions.letters import calendar

OURS, OURS_DARK = "#0b5c66", "#7fd3da"
"""The accents of base.css, where no brand has its own."""
NO_DAY = Refusal(
    code="no_day", says="There is no day of delivery to note.", do="Look at your order again later.", status=404
)
NO_MAP = Refusal(
    code="no_map", says="It is not known yet where your order is.", do="Look at your order again later.", status=404
)


@require_safe
@behind_link("track")
def delivery(request: HttpRequest, token: str, page: TrackingPage) -> HttpResponse:
    """The day of delivery for calendars, the same entry as letters bring; with the street only where a code opened the link."""
    now = timezone.now()
    made = calendar.of_order(page.order_id, now=now, is_private=page.whole is None) if page.has_calendar else None
    if made is None:
        raise Refused(NO_DAY)
    method, data = made
    response = HttpResponse(data, content_type=f"text/calendar; charset=utf-8; method={method}")
    response.headers["Content-Disposition"] = f'attachment; filename="{calendar.NAME}"'
    return response


@require_safe
@behind_link("track")
def way(request: HttpRequest, token: str, page: TrackingPage) -> HttpResponse:
    """The map. Unchanged since the last look: 304."""
    if page.sketch is None:
        raise Refused(NO_MAP)
    accent, dark = (palette.accent, palette.accent_dark) if (palette := settings.BRAND_PALETTE) else (OURS, OURS_DARK)
    etag = f'"{sha256(repr((page.sketch, accent, dark)).encode()).hexdigest()[:32]}"'
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return unchanged
    drawn = draw(page.sketch, accent=accent, accent_dark=dark, title=page.reference)
    response = HttpResponse(drawn, content_type="image/svg+xml; charset=utf-8")
    response.headers["ETag"] = etag
    response.headers["Content-Security-Policy"] = PICTURE_POLICY
    return response
