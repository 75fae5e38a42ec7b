"""The first things a request meets: whose it is, where proxies stand in front, and whether it fits before anything reads it."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, JsonResponse

Handler = Callable[[HttpRequest], HttpResponse]


class OnlyWhatFits:
    """Refuses bodies beyond the limit by their announced length, with a sentence instead of a stack trace."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on what fits."""
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        if length > limit:
            return JsonResponse(
                {
                    "errors": [
                        {
                            "code": "too_large",
                            "sentence": f"The body has {length} bytes; at most {limit} are read.",
                            "next_step": "Send it in smaller parts.",
                            "field": "",
                            "index": None,
                        }
                    ]
                },
                status=413,
            )
        return self.get_response(request)


class BehindProxies:
    """Who asks is whom the outermost of our own proxies saw (`MILEPOST_PROXIES` of them), so that limits meet one person, not all.

    Each proxy writes whom it was asked by at the end of X-Forwarded-For. What stands before that, anybody may have written, and
    where no proxy is ours none of it is believed.
    """

    def __init__(self, get_response: Handler) -> None:
        if not settings.PROXIES:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass it on with the address of who asks."""
        seen = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",")]
        if len(seen) >= settings.PROXIES and _is_address(seen[-settings.PROXIES]):
            request.META["REMOTE_ADDR"] = seen[-settings.PROXIES]
        return self.get_response(request)


def _is_address(text: str) -> bool:
    try:
        return bool(ip_address(text))
    except ValueError:
        return False
