"""Australia Post as a source: it says what happened in sentences, which are its codes; those that we do not know stay unknown."""

import re

from milepost.plugs.carriers.scans import Asked, Gathered, Stamp, reading
from milepost.plugs.carriers.tables import Meaning, crosswalk
from milepost.plugs.carriers.values import NOT_AN_EVENT, Object, instant, part, parts, reading_of, scans_of, text
from milepost.way.tracking.places import Place
from milepost.way.tracking.words import Reading

CODES = crosswalk(__file__)
CARRIER = "Australia Post"
NAMED_PLACE = re.compile(r"(.+?) (?:at|in|to) [A-Z0-9][A-Z0-9 .,'&()/-]*")
"""A sentence that ends in the name of a place, which Australia Post writes in capitals: "Awaiting collection at KEW LPO"."""
ATTEMPTED = "Attempted delivery"


def australiapost() -> Asked:
    """Australia Post."""
    return Asked("australiapost", lambda body: reading_of(body, _read))


def _read(said: Object) -> Reading:
    if "tracking_results" not in said:
        return Reading() if said.get("errors") else Reading(refusal=NOT_AN_EVENT)
    return reading(
        *(
            _article(article, result)
            for result in parts(said.get("tracking_results"))
            if not result.get("errors")
            for article in _articles(result)
        )
    )


def _articles(result: Object) -> list[Object]:
    """The articles, alone or within a consignment."""
    items = parts(result.get("trackable_items"))
    return [deeper for item in items for deeper in parts(item.get("items")) or [item]]


def _article(article: Object, result: Object) -> Gathered:
    parcel = Gathered(text(article.get("article_id"), result.get("tracking_id")), CARRIER)
    for scan in map(part, scans_of(article.get("events"))):
        said, stated = text(scan.get("description")), text(scan.get("date"))
        at = instant(stated)
        parcel.add(
            _meaning(said), said[:120], Stamp(at, True, stated) if at else None,
            where=Place(), shown=text(scan.get("location"), limit=120), message=said,
        )  # fmt: skip
    return parcel


def _meaning(said: str) -> Meaning:
    """What a sentence says: as it stands, else without the place at its end; an attempt is one whatever its reason."""
    named = NAMED_PLACE.fullmatch(said)
    attempt = ATTEMPTED if said.startswith(f"{ATTEMPTED} - ") else ""
    return CODES.first(("words", said), ("words", named[1] if named else ""), ("words", attempt))
