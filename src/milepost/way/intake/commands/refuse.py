"""Keep what was refused, so that nothing that a partner sent is lost (REC-1)."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from milepost.kernel.acts import Act
from milepost.kernel.ids import new_id
from milepost.kernel.refusals import Refusal
from milepost.way.intake.models import OrderRequest
from milepost.way.intake.words import Incoming, Receipt, RequestState


def keep_refused(incoming: Sequence[Incoming], receipts: Sequence[Receipt], *, act: Act) -> None:
    """Keep the raw originals of refused requests with their reasons, so that nothing that a partner sent is lost."""
    refused = {receipt.index: receipt for receipt in receipts if receipt.refusals}
    OrderRequest.objects.bulk_create(
        [
            OrderRequest(
                id=new_id(), channel=act.channel, sender=one.sender, state=RequestState.REFUSED, received_at=act.at,
                content_type=one.content_type, raw=one.raw, origins=one.origins,
                refusals=[_told(refusal) for refusal in refused[one.index].refusals],
            )
            for one in incoming if one.index in refused
        ]
    )  # fmt: skip


def _told(refusal: Refusal) -> dict[str, Any]:
    said = asdict(refusal)
    return {key: said[key] for key in ("code", "field", "index")} | {"sentence": refusal.sentence}
