"""The brand's colours and logo, as files of ours: nothing stands inline in a page, and nobody else is asked."""

from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp", ".jpg": "image/jpeg"}
KEPT = "public, max-age=31536000, immutable"
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""A drawing may style itself; it can run nothing and fetch nothing."""


@require_safe
def colours(request: HttpRequest) -> HttpResponse:
    """The style sheet of the brand's colours."""
    if settings.BRAND_PALETTE is None:
        raise Http404
    return kept(request, HttpResponse(settings.BRAND_PALETTE.css, content_type="text/css; charset=utf-8"))


@require_safe
def logo(request: HttpRequest) -> HttpResponse:
    """The logo."""
    path: Path | None = settings.BRAND_LOGO
    if path is None or not path.is_file():
        raise Http404
    response = HttpResponse(path.read_bytes(), content_type=TYPES.get(path.suffix.lower(), "application/octet-stream"))
    response.headers["Content-Security-Policy"] = PICTURE_POLICY
    return kept(request, response)


def kept(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """For good in browsers' caches; the address changes when the file does."""
    etag = f'"{sha256(response.content).hexdigest()[:32]}"'
    response.headers["Cache-Control"] = KEPT
    response.headers["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response
