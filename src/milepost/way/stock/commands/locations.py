"""Locations: where stock lies, how early it is taken from, and whom it is near to."""

from collections.abc import Iterator, Sequence

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal, refuse_any
from milepost.way.stock.facts import LocationDescribed
from milepost.way.stock.models import Location
from milepost.way.stock.words import LocationDraft

BAD_CODE = Refusal(
    code="bad_code", says="A location's code has 1 to 32 characters.", do="Give it another.", field="code"
)
BAD_PLACE = Refusal(
    code="bad_place", says="A location serves countries and their regions, written as DE or US-CA.",
    do="Write each as two letters, and a region after a dash.", field="serves",
)  # fmt: skip


def describe_locations(drafts: Sequence[LocationDraft], *, act: Act) -> None:
    """Open locations, or say anew how early they are taken from and whom they are near to. Refuses `bad_code`, `bad_place`."""
    refuse_any(_wrong(drafts))
    with journal.together():
        Location.objects.bulk_create(
            [
                Location(code=d.code, name=d.name or d.code, priority=d.priority, serves=_places(d))
                for d in sorted({d.code: d for d in drafts}.values(), key=lambda d: d.code)
            ],
            update_conflicts=True, unique_fields=["code"], update_fields=["name", "priority", "serves"],
        )  # fmt: skip
        rows = Location.objects.filter(code__in=[draft.code for draft in drafts]).order_by("code")
        journal.record(
            [
                LocationDescribed(location_id=row.pk, code=row.code, priority=row.priority, serves=tuple(row.serves))
                for row in rows
            ],
            act=act,
        )


def _places(draft: LocationDraft) -> list[str]:
    return [place.strip().upper() for place in draft.serves]


def _wrong(drafts: Sequence[LocationDraft]) -> Iterator[Refusal]:
    for index, draft in enumerate(drafts):
        if not 1 <= len(draft.code.strip()) <= 32:
            yield BAD_CODE.at(index=index)
        if not all(_is_place(place) for place in draft.serves):
            yield BAD_PLACE.at(index=index)


def _is_place(place: str) -> bool:
    country, dash, region = place.strip().upper().partition("-")
    return len(country) == 2 and country.isalpha() and bool(region) == bool(dash) and len(place.strip()) <= 24
