"""Names: a vendor speaks of some parcels by a reference of its own; which they are is kept as it said last (TRK-2)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from django.db import connection

from milepost.kernel.columns import columns
from milepost.kernel.texts import printable
from milepost.way.fulfilment.words import tidy_number
from milepost.way.tracking.models import NamedParcels
from milepost.way.tracking.words import EventDraft, Name

MOST_NUMBERS = 200


def learn_names(source: str, names: Iterable[Name]) -> list[str]:
    """Keep what each reference stands for, by the latest word in the vendor's own time. One statement. Returns the references."""
    latest: dict[str, Name] = {}
    for name in names:
        known = latest.get(name.reference)
        if known is None or known.said_at <= name.said_at:
            latest[name.reference] = name
    rows = [
        (reference[:80], "\t".join(_tidy(one.numbers)), printable(one.carrier, 80), one.said_at)
        for reference, one in sorted(latest.items())
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_LEARN, [source, *columns(rows)])
    return list(latest)


_LEARN = """
INSERT INTO tracking_named_parcels (source, reference, numbers, carrier, said_at)
SELECT %s, n.reference, string_to_array(n.numbers, E'\t'), n.carrier, n.said_at
FROM unnest(%b::text[], %b::text[], %b::text[], %b::timestamptz[]) AS n(reference, numbers, carrier, said_at)
ON CONFLICT (source, reference) DO UPDATE SET numbers = excluded.numbers, carrier = excluded.carrier, said_at = excluded.said_at
WHERE tracking_named_parcels.said_at <= excluded.said_at
"""


def _tidy(numbers: Sequence[str]) -> list[str]:
    return [tidy for number in numbers[:MOST_NUMBERS] if (tidy := printable(tidy_number(number), 40))]


def named_parcels(source: str, references: Iterable[str]) -> Mapping[str, NamedParcels]:
    """What these references stand for. One statement, none where nothing is asked."""
    asked = sorted({reference[:80] for reference in references})
    rows = NamedParcels.objects.filter(source=source, reference__in=asked) if asked else ()
    return {row.reference: row for row in rows}


def of_each(draft: EventDraft, parcels: NamedParcels) -> list[EventDraft]:
    """The event as a statement about each of the parcels."""
    return [replace(draft, tracking_number=number, carrier=parcels.carrier) for number in parcels.numbers]
