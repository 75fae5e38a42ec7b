"""Files of tracking: what a carrier answered elsewhere, or events that somebody wrote down (TRK-2)."""

from datetime import datetime

from milepost.ground.arrivals import commands as arrivals
from milepost.ground.arrivals.words import Kept, State
from milepost.kernel.acts import Act
from milepost.kernel.texts import printable
from milepost.way.tracking import ports
from milepost.way.tracking.polling import ASKED_FOR
from milepost.way.tracking.words import Reading


def keep_file(source: str, body: bytes, *, act: Act, number: str = "") -> Kept:
    """Keep a file in the name of a source; it is worked on from the store, as what the source sends by itself.

    `number` is the parcel that it is about, where it does not say so. Refuses `unknown_source` (404). One statement.
    """
    ports.source(source)
    return arrivals.keep(
        source, sender=act.actor, content_type="", headers=_asked(number), body=body, topic="file", act=act, state=State.RECEIVED,
        about=printable(number, 40),
    )  # fmt: skip


def what_is_read(source: str, body: bytes, *, now: datetime, number: str = "") -> Reading:
    """What would be read in a file; nothing is kept. Refuses `unknown_source` (404). No statement."""
    return ports.read(ports.source(source), _asked(number), body, now)


def _asked(number: str) -> dict[str, str]:
    return {ASKED_FOR: number} if number else {}
