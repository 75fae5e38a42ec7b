"""Lists of what belongs to orders: shipments, exceptions, messages. They are found by all that finds their orders."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from milepost.overview.finding.matching import matched
from milepost.overview.finding.reading import rows
from milepost.overview.finding.walking import FEW, Way, few_orders, page_of, walk
from milepost.overview.finding.words import Found, Place
from milepost.way.fulfilment.words import State

LAST = 2**62
LATEST = datetime(9000, 1, 1, tzinfo=UTC)
LAST_ROW = UUID(int=2**128 - 1)
FEW_MESSAGED = 200
Conditions = Sequence[tuple[str, Sequence[Any]]]


def shipments(
    *, text: str = "", state: str = "", open_only: bool = False, after: Place | None = None, limit: int = 50
) -> Found:
    """Shipments, the one packed last first. At most twelve statements."""
    number = after.id if after else LAST
    if state:
        return _list(text, IN_STATE[state], [number], limit=limit)
    return _list(text, OPEN_SHIPMENTS if open_only else SHIPMENTS, [number], limit=limit)


def exceptions(
    *, text: str = "", kind: str = "", open_only: bool = True, after: Place | None = None, limit: int = 50
) -> Found:
    """Cases, the one found last first; their places are named by their orders. At most twelve statements."""
    conditions = [("w.kind = %s", [kind])] if kind else []
    return _list(text, OPEN_CASES if open_only else CASES, [*(after or (LATEST, LAST))], conditions, limit=limit)


def messages(
    *, text: str = "", channel: str = "", state: str = "", after: Place | None = None, limit: int = 50
) -> Found:
    """Messages on all channels, the one planned last first. At most twelve statements.

    What failed is rare among what was sent, and has an index of its own.
    """
    conditions = [("w.channel = %s", [channel])] if channel else []
    if state in TROUBLED:
        return _list(text, TROUBLED[state], [*(after or (LATEST, LAST_ROW))], conditions, limit=limit, few=FEW_MESSAGED)
    conditions += [("w.state = %s", [state])] if state else []
    return _list(text, MESSAGES, [after.id if after else LAST_ROW], conditions, limit=limit, few=FEW_MESSAGED)


def _list(
    text: str, way: Way, started: Sequence[Any], conditions: Conditions = (), *, limit: int, few: int = FEW
) -> Found:  # fmt: skip
    """By a text: of few orders what belongs to them; of many the list, row by row."""
    meaning = matched(text) if text.strip() else None
    if meaning is not None and meaning.nothing:
        return Found([], None)
    known = few_orders(meaning, most=few) if meaning else None
    if known is None:
        return walk(way, started, conditions, meaning, limit=limit)
    asked = " AND ".join(["true", *(sql for sql, _ in conditions)])
    statement = _OF_THESE.format(limit=limit + 1, place=way.place, these=OF_ORDERS[way], asked=asked, order=way.order)
    return page_of(rows(statement, [known, *started, *(value for _, some in conditions for value in some)]), limit)


_OF_THESE = "SELECT w.id, w.at, w.{place} FROM ({these}) AS w WHERE {asked} ORDER BY {order} LIMIT {limit}"
_SHIPMENT = "SELECT id, packed_at AS at, order_id FROM fulfilment_shipment WHERE "
_UNDER_WAY = "state NOT IN ('delivered', 'returned', 'lost', 'cancelled') AND "
_CASE = "SELECT id, found_at AS at, order_id, kind FROM cases_case WHERE "
_NOTICE = "SELECT id, planned_at AS at, order_id, channel, state FROM notices_notice WHERE "
_BEFORE, _FOUND_BEFORE = "id < %s::bigint", "(found_at, order_id) < (%s::timestamptz, %s::bigint)"
_PLANNED_BEFORE, _TROUBLED_BEFORE = "id < %s::uuid", "(planned_at, id) < (%s::timestamptz, %s::uuid)"
_DOWN, _DOWN_FOUND = " ORDER BY id DESC LIMIT {limit}", " ORDER BY found_at DESC, order_id DESC LIMIT {limit}"
SHIPMENTS = Way(_SHIPMENT + _BEFORE + _DOWN, "id DESC")
OPEN_SHIPMENTS = Way(_SHIPMENT + _UNDER_WAY + _BEFORE + _DOWN, "id DESC")
IN_STATE = {state: Way(_SHIPMENT + f"state = '{state}' AND " + _BEFORE + _DOWN, "id DESC") for state in map(str, State)}
OPEN_CASES = Way(_CASE + "resolved_at IS NULL AND " + _FOUND_BEFORE + _DOWN_FOUND, "at DESC, order_id DESC", "order_id")
CASES = Way(_CASE + _FOUND_BEFORE + _DOWN_FOUND, "at DESC, order_id DESC", "order_id")
MESSAGES = Way(_NOTICE + _PLANNED_BEFORE + _DOWN, "id DESC")
TROUBLED = {
    state: Way(_NOTICE + f"state = '{state}' AND {_TROUBLED_BEFORE} ORDER BY planned_at DESC, id DESC LIMIT {{limit}}")
    for state in ("failed", "unknown")
}
_THESE = "order_id = ANY(%b::bigint[]) AND "
_TOLD = """
SELECT n.* FROM orders_order o CROSS JOIN LATERAL (
    SELECT id, planned_at AS at, order_id, channel, state FROM notices_notice
    WHERE order_id = o.id AND filed_at = o.received_at OFFSET 0
) n WHERE o.id = ANY(%b::bigint[]) AND """
"""Messages of an order are filed under the instant at which it came in, so they are looked for in one month's part alone."""
OF_ORDERS = {
    SHIPMENTS: _SHIPMENT + _THESE + _BEFORE,
    OPEN_SHIPMENTS: _SHIPMENT + _THESE + _UNDER_WAY + _BEFORE,
    **{way: _SHIPMENT + _THESE + f"state = '{state}' AND " + _BEFORE for state, way in IN_STATE.items()},
    OPEN_CASES: _CASE + _THESE + "resolved_at IS NULL AND " + _FOUND_BEFORE,
    CASES: _CASE + _THESE + _FOUND_BEFORE,
    MESSAGES: _TOLD + "n.id < %s::uuid",
    **{
        way: _TOLD + f"n.state = '{state}' AND (n.at, n.id) < (%s::timestamptz, %s::uuid)"
        for state, way in TROUBLED.items()
    },
}
"""The same lists of known orders: as many index reads as there are orders."""
