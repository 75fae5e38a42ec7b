"""What stands between pages and the world: headers that forbid what no page needs, and refusals told in plain words."""

from collections.abc import Callable

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from milepost.kernel.refusals import Refused

Handler = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""The Content-Security-Policy of every page that does not set its own: nothing inline, nobody else's anything."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Shield:
    """Adds the headers where a view has not set its own, and answers a refusal that no view answered with a page."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, and add the headers. An address with a NUL, which no text in the database can hold, is a bad request."""
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise SuspiciousOperation
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal is an answer: its sentences, what to do, its status. Everything else stays unexpected."""
        if isinstance(exception, Refused):
            return refused(request, exception)
        return None


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The page of a refusal."""
    return render(request, "look/refused.html", {"refusals": refusal.refusals}, status=refusal.status)
