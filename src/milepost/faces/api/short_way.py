"""The short way of machines: what goes to the API meets no sessions, cookies, forms or languages, and no HTML comes back."""

from collections.abc import Callable
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, URLResolver, get_resolver

from milepost.faces.api.answers import refuse
from milepost.kernel.refusals import Refusal

PREFIX = "/api/v1/"

NOT_HERE = Refusal(
    code="not_found",
    says="There is nothing at this address.",
    do="See the API's documentation at /api/docs.",
    status=404,
)
WRONG_METHOD = Refusal(
    code="wrong_method", says="This address does not know that method.", do="Use one of: {allowed}.", status=405
)


class ShortWay:
    """Middleware that takes requests to the API straight to their view. Measured: half the time of a status read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The view's answer; other addresses go on."""
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        response = _answer(request)
        response.headers["Content-Length"] = str(len(response.content))
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-store"
        return response


def _answer(request: HttpRequest) -> HttpResponse:
    try:
        request.resolver_match = match = _resolve(get_resolver(), request.path_info)
    except Resolver404:
        return refuse([NOT_HERE])
    response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    if response.status_code == 405:
        return _wrong_method(", ".join(sorted(response.headers.get("Allow", "").split(", "))))
    return response


@lru_cache(maxsize=512)
def _resolve(resolver: URLResolver, path: str) -> ResolverMatch:
    """Whose address it is. The busiest addresses bear no id and are the same each time; finding them takes a tenth of a request."""
    return resolver.resolve(path)


def _wrong_method(allowed: str) -> HttpResponse:
    response = refuse(
        [
            Refusal(
                code=WRONG_METHOD.code, says=WRONG_METHOD.says, do=WRONG_METHOD.do, status=405, values={"allowed": allowed}
            )
        ]
    )  # fmt: skip
    response.headers["Allow"] = allowed
    return response
