"""The first thing a request meets: what does not fit is refused before anything reads it."""

from collections.abc import Callable

from django.conf import settings
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
