"""Twilio's status callbacks and messages that come in, as receipts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from milepost.ground.notices.words import Delivery, Receipt, ReceiptKind, ReceiptsRead, Reply
from milepost.kernel.refusals import Refusal
from milepost.plugs.senders.twilio import codes, signature

NONSENSE = Refusal(
    code="not_a_status", says="This is neither the status of a message nor a message.",
    do="Look at the raw delivery.", status=422,
)  # fmt: skip
OPT_OUTS = {"STOP": ReceiptKind.OPTED_OUT, "START": ReceiptKind.OPTED_IN}


@dataclass(frozen=True, slots=True)
class TwilioReceipts:
    """Checked with the account's auth token."""

    token: str = field(repr=False)
    name: str = "twilio"
    channel: str = "sms"
    answer: tuple[str, bytes] = ("text/xml", b"<Response/>")

    def check(self, delivery: Delivery) -> Refusal | None:
        """Why this is not from Twilio, or None."""
        return signature.check(delivery, self.token)

    def read(self, delivery: Delivery) -> ReceiptsRead:
        """A status that tells something, or what somebody has answered."""
        said = dict(signature.form(delivery))
        status = (said.get("MessageStatus") or said.get("SmsStatus") or "").lower()
        if status in ("received", "receiving"):
            return _incoming(said, delivery.received_at)
        if status in codes.UNDERWAY:
            return ReceiptsRead()
        if status not in codes.DELIVERED | codes.LOST:
            return ReceiptsRead(refusal=NONSENSE)
        reference = parse_qs(urlsplit(delivery.url).query).get("reference", [""])[0]
        return ReceiptsRead(receipts=(_receipt(status, said, reference, delivery.received_at),))


def _receipt(status: str, said: Mapping[str, str], reference: str, at: datetime) -> Receipt:
    code = said.get("ErrorCode", "")
    number = int(code) if code.isascii() and code.isdigit() else 0
    if status in codes.DELIVERED:
        kind = ReceiptKind.DELIVERED
    else:
        kind = ReceiptKind.OPTED_OUT if number == codes.OPTED_OUT else ReceiptKind.BOUNCED
    return Receipt(
        kind=kind, happened_at=at, reference=reference, foreign_id=said.get("MessageSid", "") or said.get("SmsSid", ""),
        code=code or status, stops=number in codes.NEVER_AGAIN or kind is ReceiptKind.OPTED_OUT,
    )  # fmt: skip


def _incoming(said: Mapping[str, str], at: datetime) -> ReceiptsRead:
    """A message from a customer. Twilio itself says which words it took for an opting out (Advanced Opt-Out)."""
    address = said.get("From", "")
    if not address:
        return ReceiptsRead(refusal=NONSENSE)
    asked = OPT_OUTS.get(said.get("OptOutType", "").upper())
    if asked:
        return ReceiptsRead(receipts=(Receipt(kind=asked, happened_at=at, address=address, code=said["OptOutType"]),))
    return ReceiptsRead(reply=Reply(address=address, text=said.get("Body", "")))
