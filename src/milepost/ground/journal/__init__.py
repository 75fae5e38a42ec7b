"""The journal: every fact, append-only, with a sequence and a hash chain for each order, and the one `move()`."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from milepost.ground.journal.commands import move, record, together
    from milepost.ground.journal.rows import insert, write

__all__ = ["insert", "move", "record", "together", "write"]


def __getattr__(name: str) -> Any:
    """`journal.record`, `move` and `together` without loading models while apps are being registered."""
    if name in __all__:
        from milepost.ground.journal import commands, rows

        found = globals()[name] = getattr(rows if name in ("insert", "write") else commands, name)
        return found
    raise AttributeError(name)
