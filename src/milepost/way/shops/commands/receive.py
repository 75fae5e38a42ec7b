"""Receive: what a shop's system sends is checked, kept byte for byte and answered; it is followed from the store (REC-1)."""

import json
from collections.abc import Mapping

import orjson

from milepost.ground.arrivals import commands as arrivals
from milepost.ground.arrivals.words import Kept, State
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal
from milepost.way.shops import ports

BAD_ENCODING = Refusal(
    code="bad_encoding", says="The body is not UTF-8: byte {place} does not belong there.", do="Encode the JSON in UTF-8.",
    status=400,
)  # fmt: skip
BAD_JSON = Refusal(
    code="bad_json", says="The body is not well-formed JSON.", do="Send it again as a whole; it was kept.", status=400
)


def receive(name: str, *, headers: Mapping[str, str], body: bytes, content_type: str, act: Act) -> Kept | None:
    """Keep a delivery with the verdict on it; None for a ping, of which nothing is made. One statement.

    A delivery whose signature does not hold is kept as evidence. One that is signed but cannot be read is kept with a duty
    and can be retried. The receipt bears the refusal. Refuses `unknown_source` (404).
    """
    shop = ports.shop(name)
    label = shop.label(headers, body)
    if label.is_ping:
        return None
    forged = shop.check(headers, body)
    unreadable = None if forged else fault_of(body)
    return arrivals.keep(
        name, sender=label.sender, topic=label.topic, delivery_id=label.delivery_id, content_type=content_type, headers=headers,
        body=body, refusal=forged or unreadable, state=State.REFUSED if unreadable else None, act=act,
    )  # fmt: skip


def fault_of(body: bytes) -> Refusal | None:
    """Why the bytes are no JSON in UTF-8, or None."""
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError:
        return _slowly(body)
    return None


def _slowly(body: bytes) -> Refusal | None:
    """As `fault_of` for what the fast reader does not take: a mark at the beginning, lone surrogates, large numbers."""
    try:
        json.loads(body.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return Refusal(
            code=BAD_ENCODING.code,
            says=BAD_ENCODING.says,
            do=BAD_ENCODING.do,
            status=400,
            values={"place": error.start},
        )
    except (ValueError, RecursionError):
        return BAD_JSON
    return None
