"""The journal: every fact, append-only, with a sequence and a hash chain for each order, and the one `move()`."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from milepost.ground.journal.commands import heard, move, record, together, written_at_the_end
    from milepost.ground.journal.rows import insert, returned, write, written

__all__ = ["heard", "insert", "move", "record", "returned", "together", "write", "written", "written_at_the_end"]
_COMMANDS = ("heard", "move", "record", "together", "written_at_the_end")


def __getattr__(name: str) -> Any:
    """`journal.record`, `move` and `together` without loading models while apps are being registered."""
    if name in __all__:
        from milepost.ground.journal import commands, rows

        found = globals()[name] = getattr(commands if name in _COMMANDS else rows, name)
        return found
    raise AttributeError(name)
