"""What providers report of e-mail, checked and read by django-anymail."""

import hashlib
import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from anymail.exceptions import (
    AnymailConfigurationError,
    AnymailError,
    AnymailInsecureWebhookWarning,
    AnymailWebhookValidationFailure,
)
from anymail.signals import AnymailTrackingEvent
from django.core.handlers.wsgi import WSGIRequest

from milepost.ground.notices.words import Delivery, Receipt, ReceiptKind, ReceiptsRead
from milepost.kernel.refusals import Refusal
from milepost.plugs.senders.anymail.providers import has_secret, view

KINDS = {
    "delivered": ReceiptKind.DELIVERED, "deferred": ReceiptKind.SOFT, "bounced": ReceiptKind.BOUNCED,
    "rejected": ReceiptKind.BOUNCED, "failed": ReceiptKind.BOUNCED, "complained": ReceiptKind.COMPLAINED,
    "unsubscribed": ReceiptKind.OPTED_OUT,
}  # fmt: skip
"""anymail's words for what happened; queued, sent, opened and clicked tell us nothing that we ask."""

ADDRESS_IS_GONE = frozenset({"bounced", "invalid"})
"""anymail's reasons where the address itself is the fault; spam filters, blocks and time-outs may pass."""

NO_SECRET = Refusal(
    code="no_secret", says="No secret for this provider's webhooks is set, so none can be trusted.",
    do="Set the secret of its webhook beside its keys.", status=503,
)  # fmt: skip
FORGED = Refusal(
    code="bad_signature", says="This is not signed as the provider signs.", do="Check the secret on both sides.",
    status=401,
)  # fmt: skip
NONSENSE = Refusal(
    code="not_an_event", says="This is no event of this provider.", do="Look at the raw delivery.", status=422
)


@dataclass(frozen=True, slots=True)
class AnymailReceipts:
    """One provider's webhook; `settings` hold its secrets as anymail names them."""

    provider: str
    settings: Mapping[str, str] = field(repr=False)
    channel: str = "email"

    @property
    def name(self) -> str:
        """The provider's."""
        return self.provider

    def check(self, delivery: Delivery) -> Refusal | None:
        """Why this is not from the provider, or None."""
        if not has_secret(self.provider, self.settings):
            return NO_SECRET
        try:
            self._view().run_validators(_request(delivery))
        except (AnymailWebhookValidationFailure, AnymailConfigurationError, ValueError, TypeError, AttributeError):
            return FORGED
        return None

    def delivery_id(self, delivery: Delivery) -> str:
        """The digest of the body, which holds event ids, tokens or instants: a repeated delivery is the same."""
        return f"{self.provider}:{hashlib.sha256(delivery.body).hexdigest()}"

    def read(self, delivery: Delivery) -> ReceiptsRead:
        """What the events tell; nothing of those that tell nothing."""
        try:
            events = self._view().parse_events(_request(delivery))
        except (AnymailError, KeyError, ValueError, TypeError, AttributeError, LookupError, json.JSONDecodeError):
            return ReceiptsRead(refusal=NONSENSE)
        return ReceiptsRead(receipts=tuple(
            _receipt(event, KINDS[event.event_type], delivery)
            for event in events
            if isinstance(event, AnymailTrackingEvent) and event.event_type in KINDS
        ))  # fmt: skip

    def _view(self) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", AnymailInsecureWebhookWarning)
            warnings.filterwarnings("ignore", message="django-anymail has dropped official support")
            return view(self.provider, self.settings)


def _receipt(event: AnymailTrackingEvent, kind: ReceiptKind, delivery: Delivery) -> Receipt:
    metadata = event.metadata if isinstance(event.metadata, Mapping) else {}
    reason = str(event.reject_reason or "")
    if reason == "unsubscribed":
        kind = ReceiptKind.OPTED_OUT
    return Receipt(
        kind=kind, happened_at=event.timestamp or delivery.received_at, reference=str(metadata.get("reference") or ""),
        foreign_id=str(event.message_id or ""), code=reason or str(event.event_type), address=str(event.recipient or ""),
        stops=kind in (ReceiptKind.COMPLAINED, ReceiptKind.OPTED_OUT)
        or (kind is ReceiptKind.BOUNCED and (reason or "bounced") in ADDRESS_IS_GONE),
    )  # fmt: skip


def _request(delivery: Delivery) -> WSGIRequest:
    parts = urlsplit(delivery.url)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST", "PATH_INFO": parts.path, "QUERY_STRING": parts.query, "SERVER_NAME": parts.hostname or "",
        "SERVER_PORT": str(parts.port or 443), "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": parts.scheme or "https",
        "wsgi.input": BytesIO(delivery.body), "CONTENT_LENGTH": str(len(delivery.body)),
    }  # fmt: skip
    for name, value in delivery.headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = str(value)
    environ.pop("HTTP_CONTENT_LENGTH", None)
    return WSGIRequest(environ)
