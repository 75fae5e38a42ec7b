"""What a vendor's message comes to, by the law of the ledger."""

from milepost.way.tracking.rules import event_id, standing
from milepost.way.tracking.words import Event, Reading, Standing


def meant(reading: Reading) -> Standing:
    """Where the parcel of a reading stands after all of its events."""
    return standing(
        Event(event_id(e, 1), e.kind, e.happened_at, e.cause, e.estimate_on, e.corrects) for e in reading.events
    )
