"""What the described provider reports, signed with HMAC-SHA-256 over the body."""

import hashlib
import hmac
import json
from base64 import b64encode
from dataclasses import dataclass

from milepost.ground.notices.words import Delivery, Receipt, ReceiptKind, ReceiptsRead, Reply
from milepost.kernel.refusals import Refusal
from milepost.plugs.senders.generic.shape import Shape, at

NO_SECRET = Refusal(
    code="no_secret", says="No secret for this provider's webhooks is set, so none can be trusted.",
    do="Name its secret in the provider's description.", status=503,
)  # fmt: skip
FORGED = Refusal(code="bad_signature", says="The signature does not fit the body.", do="Check the secret.", status=401)
NOT_JSON = Refusal(code="not_json", says="The body is not JSON in UTF-8.", do="Look at the raw delivery.", status=422)
NONSENSE = Refusal(
    code="not_a_status", says="This is neither the status of a message nor a message.",
    do="Compare the raw delivery with the provider's description.", status=422,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class GenericReceipts:
    """Checked and read by the provider's description."""

    shape: Shape
    channel: str = "sms"

    @property
    def name(self) -> str:
        """As its description has it."""
        return self.shape.name

    def check(self, delivery: Delivery) -> Refusal | None:
        """Why this is not from the provider, or None."""
        if not self.shape.secret:
            return NO_SECRET
        digest = hmac.new(self.shape.secret.encode(), delivery.body, hashlib.sha256)
        right = b64encode(digest.digest()).decode() if self.shape.base64 else digest.hexdigest()
        header = self.shape.signature_header.lower()
        given = next((str(value) for name, value in delivery.headers.items() if name.lower() == header), "")
        given = given.removeprefix("sha256=").strip()
        return None if hmac.compare_digest(given.encode("utf-8", "replace"), right.encode()) else FORGED

    def read(self, delivery: Delivery) -> ReceiptsRead:
        """A status that the description knows, or what somebody has answered. A status with no meaning tells nothing."""
        try:
            said = json.loads(delivery.body)
        except (ValueError, RecursionError):
            return ReceiptsRead(refusal=NOT_JSON)
        shape = self.shape
        status, reference = at(shape.receipt_status_at, said), at(shape.receipt_reference_at, said)
        if not (status and reference):
            address, text = at(shape.receipt_from_at, said), at(shape.receipt_text_at, said)
            if address and text:
                return ReceiptsRead(reply=Reply(address=address, text=text))
            return ReceiptsRead(refusal=NONSENSE)
        meaning = shape.receipt_kinds.get(status, "")
        if meaning not in set(ReceiptKind):
            return ReceiptsRead()
        code = at(shape.receipt_code_at, said)
        return ReceiptsRead(receipts=(
            Receipt(
                kind=ReceiptKind(meaning), happened_at=delivery.received_at, reference=reference, code=code or status,
                stops=code in shape.never_codes,
            ),
        ))  # fmt: skip
