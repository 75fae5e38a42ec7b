"""Vonage's message statuses and messages that come in, as receipts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from milepost.ground.notices.words import Delivery, Receipt, ReceiptKind, ReceiptsRead, Reply
from milepost.kernel.refusals import Refusal
from milepost.plugs.senders.vonage import codes, signature

NOT_JSON = Refusal(code="not_json", says="The body is not JSON in UTF-8.", do="Look at the raw delivery.", status=422)
NONSENSE = Refusal(
    code="not_a_status", says="This is neither the status of a message nor a message.",
    do="Look at the raw delivery.", status=422,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class VonageReceipts:
    """Checked with the account's signature secret."""

    secret: str = field(repr=False)
    name: str = "vonage"
    channel: str = "sms"

    def check(self, delivery: Delivery) -> Refusal | None:
        """Why this is not from Vonage, or None."""
        return signature.check(delivery, self.secret)

    def delivery_id(self, delivery: Delivery) -> str:
        """Its token's id: a repeated delivery is the same."""
        return signature.token_id(delivery)

    def read(self, delivery: Delivery) -> ReceiptsRead:
        """A status that tells something, or what somebody has answered."""
        try:
            said = json.loads(delivery.body)
        except (ValueError, RecursionError):
            return ReceiptsRead(refusal=NOT_JSON)
        if not isinstance(said, dict):
            return ReceiptsRead(refusal=NONSENSE)
        status = said.get("status")
        if isinstance(status, str) and status in codes.UNDERWAY:
            return ReceiptsRead()
        if isinstance(status, str) and status in codes.KINDS:
            return ReceiptsRead(receipts=(_receipt(codes.KINDS[status], said, delivery.received_at),))
        if status is None and isinstance(said.get("text"), str) and said.get("from"):
            return ReceiptsRead(reply=Reply(address=f"+{str(said['from']).lstrip('+')}", text=said["text"]))
        return ReceiptsRead(refusal=NONSENSE)


def _receipt(kind: ReceiptKind, said: Mapping[str, Any], at: datetime) -> Receipt:
    error = said.get("error")
    code = str(error.get("title") or error.get("type") or "").rsplit("/", 1)[-1] if isinstance(error, dict) else ""
    price, currency = _usage(said.get("usage"))
    return Receipt(
        kind=kind, happened_at=_instant(said.get("timestamp")) or at, reference=str(said.get("client_ref") or ""),
        foreign_id=str(said.get("message_uuid") or ""), code=code or str(said.get("status")),
        stops=kind is ReceiptKind.BOUNCED and code in codes.NEVER_AGAIN, price=price, currency=currency,
    )  # fmt: skip


def _usage(usage: Any) -> tuple[Decimal | None, str]:
    if not isinstance(usage, dict):
        return None, ""
    try:
        price = Decimal(str(usage.get("price")))
    except InvalidOperation:
        return None, ""
    return (price, str(usage.get("currency") or "")[:3].upper()) if price.is_finite() else (None, "")


def _instant(value: Any) -> datetime | None:
    try:
        read = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return read if read.tzinfo is not None else None
