"""What follows from each fact, all of it: first what other rooms do, then whose duty it becomes, then who hears of it."""

from collections import defaultdict

from milepost.ground.journal.commands import Handler
from milepost.kernel.facts import Fact
from milepost.reactions import duties, notices, placing, shipping

TABLES = (placing.FOLLOWS, shipping.FOLLOWS, duties.FOLLOWS, notices.FOLLOWS)


def reactions() -> dict[type[Fact], tuple[Handler, ...]]:
    """The whole table, fact by fact."""
    joined: dict[type[Fact], list[Handler]] = defaultdict(list)
    for table in TABLES:
        for kind, handlers in table.items():
            joined[kind] += handlers
    return {kind: tuple(handlers) for kind, handlers in joined.items()}
