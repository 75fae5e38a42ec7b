"""Follow: shipments go where their parcels are, forwards, or back after a correction (HND-2)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.way.fulfilment.facts import ShipmentMoved
from milepost.way.fulfilment.models import Shipment
from milepost.way.fulfilment.rules import shipment_standing
from milepost.way.fulfilment.states import NEWS, SHIPMENT
from milepost.way.fulfilment.words import ParcelNews, Reached, State

_Standing = tuple[State, Reached, datetime | None]


def follow(news: Sequence[ParcelNews], *, act: Act) -> None:
    """Move shipments to where all their parcels together are. `news` tells of every parcel of each shipment in it.

    Shipments not handed over or cancelled stay as they are. A constant number of statements.
    """
    of_shipment: dict[int, list[ParcelNews]] = defaultdict(list)
    for parcel in news:
        of_shipment[parcel.shipment_id].append(parcel)
    with journal.together():
        rows = {
            row.id: row for row in Shipment.objects.select_for_update().filter(id__in=list(of_shipment)).order_by("id")
        }
        standing = {key: shipment_standing(of_shipment[key]) for key, row in rows.items() if row.state in _FOLLOWING}
        _write([(key, *s) for key, s in standing.items() if _differs(rows[key], s)])
        for target, verb in NEWS.items():
            moving = {
                key: rows[key].state for key, s in standing.items() if s[0] is target and rows[key].state != target
            }
            if moving:
                journal.move(
                    SHIPMENT, Shipment, moving, verb, act=act,
                    fact=lambda key, source, target: _moved(rows[key], source, standing[key]),
                )  # fmt: skip


_FOLLOWING = frozenset(State) - {State.PACKED, State.CANCELLED}


def _differs(row: Shipment, standing: _Standing) -> bool:
    return (row.reached, row.delivered_at) != standing[1:]


def _write(rows: Sequence[tuple[int, State, Reached, datetime | None]]) -> None:
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE fulfilment_shipment s SET reached = w.reached, delivered_at = w.delivered_at"
            " FROM unnest(%b::bigint[], %b::text[], %b::timestamptz[]) AS w(id, reached, delivered_at) WHERE s.id = w.id",
            [[row[0] for row in rows], [row[2].value for row in rows], [row[3] for row in rows]],
        )


def _moved(row: Shipment, source: str, standing: _Standing) -> ShipmentMoved:
    state, reached, delivered_at = standing
    return ShipmentMoved(
        order_id=row.order_id, shipment_id=row.id, number=row.number, state=state, was=source, reached=reached,
        delivered_at=delivered_at,
    )  # fmt: skip
