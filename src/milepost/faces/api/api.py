"""The API as a whole: its document, its routers, and how refusals and errors of others are answered."""

from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DataError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.operation import Operation

from milepost.faces.api import (
    documents,
    events,
    goods,
    handling,
    inquiries,
    labels,
    measures,
    placing,
    reading,
    routers,
    shops,
    subscriptions,
    supply,
    webhooks,
)
from milepost.faces.api.answers import Renderer, refuse
from milepost.faces.api.body import fault
from milepost.faces.api.keys import NO_KEY, AnsweredBefore
from milepost.faces.api.once import replay
from milepost.kernel.refusals import Refusal, Refused

DESCRIPTION = """
Milepost takes an order from receipt to close-out. Shops send orders, warehouses send shipments, carriers send events; all of
them read where things stand.

Every request bears an API key (`Authorization: Bearer <key>`) whose scopes say what it may do. Every request that changes
something bears an `Idempotency-Key` and may be repeated without harm. Amounts are strings with two decimals; instants are ISO
8601 with offset. A refusal says in `errors` what was wrong (`code` for machines, `sentence` and `next_step` for people), and
where (`field`, and `index` in a batch); nothing is half-written.
"""


class Api(NinjaAPI):
    """Names each operation as its function is named."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The operation's id in the document."""
        return operation.view_func.__name__


api = Api(
    title="Milepost", version="1.0.0", description=DESCRIPTION.strip(), urls_namespace="api", docs_url="/docs",
    openapi_url="/openapi.json", renderer=Renderer(),
)  # fmt: skip
ROUTERS = {
    reading: routers.orders, placing: routers.orders, handling: handling.router, events: events.router, shops: shops.router,
    webhooks: webhooks.router, goods: goods.router, measures: measures.router, supply: supply.router,
    documents: documents.router, labels: labels.router,
    subscriptions: subscriptions.router, inquiries: inquiries.router,
}  # fmt: skip
"""Which module speaks on which router; the first address that fits is taken, and the busiest stand first.

`webhooks` takes the addresses `webhooks/{source}` that `events` and `shops` have not taken."""
for _router in dict.fromkeys(ROUTERS.values()):
    api.add_router("/v1", _router)

NOT_HERE = Refusal(
    code="not_found",
    says="There is nothing at this address.",
    do="See the API's documentation at /api/docs.",
    status=404,
)
TOO_LARGE = Refusal(code="too_large", says="The request is too large.", do="Send it in smaller parts.", status=413)
UNFIT = Refusal(
    code="unfit_value", says="A value is beyond what any record can hold.", do="Check amounts, quantities and dates.",
)  # fmt: skip
BUSY = Refusal(
    code="busy",
    says="Others were working on the same things; nothing was done.",
    do="Repeat the request as it is.",
    status=409,
)
AWAY = Refusal(
    code="away",
    says="The books cannot be reached at the moment; it is not known whether anything was done.",
    do="Repeat the request as it is, with the same Idempotency-Key.",
    status=503,
)
_DEADLOCK_OR_SERIALIZATION = ("40P01", "40001", "55P03")
_GOING_OR_COMING = (None, "57P01", "57P02", "57P03")
"""The connection broke or could not be had in time; PostgreSQL stops, was killed, or is not ready yet."""


@api.exception_handler(Refused)
def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    return refuse(refused.refusals)


@api.exception_handler(AnsweredBefore)
def _answered_before(request: HttpRequest, known: AnsweredBefore) -> HttpResponse:
    return replay(known.stored)


@api.exception_handler(ValidationError)
def _bad_parameters(request: HttpRequest, invalid: ValidationError) -> HttpResponse:
    return refuse([fault({**error, "loc": tuple(error["loc"])[1:]}) for error in invalid.errors])  # type: ignore[typeddict-item]


@api.exception_handler(AuthenticationError)
def _no_key(request: HttpRequest, nobody: AuthenticationError) -> HttpResponse:
    return refuse([NO_KEY])


@api.exception_handler(HttpError)
def _other(request: HttpRequest, error: HttpError) -> HttpResponse:
    return refuse([Refusal(code="bad_request", says=str(error), status=error.status_code)])


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, nothing: Http404) -> HttpResponse:
    return refuse([NOT_HERE])


@api.exception_handler(RequestDataTooBig)
def _too_large(request: HttpRequest, big: RequestDataTooBig) -> HttpResponse:
    return refuse([TOO_LARGE])


@api.exception_handler(SuspiciousOperation)
def _suspicious(request: HttpRequest, odd: SuspiciousOperation) -> HttpResponse:
    return refuse(
        [Refusal(code="bad_request", says="The request cannot be read.", do="Check its address.", status=400)]
    )


@api.exception_handler(DataError)
def _unfit(request: HttpRequest, error: DataError) -> HttpResponse:
    """PostgreSQL's class 22: a value that its column cannot hold, such as a sum that grew too large. Nothing was written."""
    return refuse([UNFIT])


@api.exception_handler(OperationalError)
def _busy(request: HttpRequest, error: OperationalError) -> HttpResponse:
    """A deadlock or a lock that took too long: nothing was written, the same request may succeed. Or PostgreSQL went away, perhaps
    while it committed: the same request will tell. Other errors stay errors."""
    state: Any = getattr(error.__cause__, "sqlstate", None)
    if state in _DEADLOCK_OR_SERIALIZATION:
        return refuse([BUSY])
    if state in _GOING_OR_COMING:
        return refuse([AWAY])
    raise error
