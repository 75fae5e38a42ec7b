"""What leaves the house as a table is on record: who took it, of which list, and how much of it (an export holds personal data)."""

from collections.abc import Iterable

from milepost.ground import journal
from milepost.ground.access.facts import ExportEnded, ListExported
from milepost.kernel.acts import Act


def begin(listing: str, *, form: str, narrowed_by: Iterable[str], staff_id: int, act: Act) -> None:
    """Somebody begins to export a list; on record before the first row leaves."""
    fact = ListExported(staff_id=staff_id, listing=listing, form=form, narrowed_by=tuple(narrowed_by))
    with journal.together():
        journal.record([fact], act=act)


def end(listing: str, *, rows: int, whole: bool, staff_id: int, act: Act) -> None:
    """So many rows were written; `whole`: all that there were."""
    with journal.together():
        journal.record([ExportEnded(staff_id=staff_id, listing=listing, rows=rows, whole=whole)], act=act)
