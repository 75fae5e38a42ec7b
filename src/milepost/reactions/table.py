"""What follows from each fact, all of it: first what other rooms do, then whose duty it becomes, then who hears of it."""

from collections import defaultdict

from milepost.ground.journal.commands import Handler
from milepost.kernel.facts import Fact
from milepost.reactions import (
    alternatives,
    announcing,
    answers,
    calling,
    clarifying,
    conversations,
    duties,
    links,
    notices,
    placing,
    reviews,
    shipping,
    signing_in,
    unread_mail,
)

TABLES = (
    placing.FOLLOWS, clarifying.FOLLOWS, shipping.FOLLOWS, links.FOLLOWS, alternatives.FOLLOWS, duties.FOLLOWS, notices.FOLLOWS,
    signing_in.FOLLOWS, answers.FOLLOWS, unread_mail.FOLLOWS, calling.FOLLOWS, reviews.FOLLOWS, announcing.FOLLOWS,
    conversations.FOLLOWS,
)  # fmt: skip


def reactions() -> dict[type[Fact], tuple[Handler, ...]]:
    """The whole table, fact by fact."""
    joined: dict[type[Fact], list[Handler]] = defaultdict(list)
    for table in TABLES:
        for kind, handlers in table.items():
            joined[kind] += handlers
    return {kind: tuple(handlers) for kind, handlers in joined.items()}
