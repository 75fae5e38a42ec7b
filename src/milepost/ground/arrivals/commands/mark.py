"""Mark: how far we have read where peers keep what is for us, so that nothing is fetched twice."""

from collections.abc import Mapping
from typing import Any

from milepost.ground.arrivals.models import Mark
from milepost.kernel.acts import Act


def mark(name: str, place: Mapping[str, Any], *, act: Act) -> None:
    """Remember a place; in the transaction in which what came before it was kept, it is neither lost nor fetched again."""
    Mark.objects.update_or_create(name=name[:254], defaults={"place": dict(place), "at": act.recorded_at})
