"""What follows from a verb, as far as a try shows it: messages that would go out, by template, and what would be on record."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count

from milepost.ground.notices.models import Notice
from milepost.ground.notices.words import State
from milepost.kernel.acts import Act
from milepost.kernel.facts import Fact
from milepost.overview.bulk.words import Telling

WOULD_GO = (State.PLANNED, State.CALLING, State.SENT)


def said_to(order_ids: Sequence[int], act: Act) -> Counter[tuple[str, str, str]]:
    """How many messages the act has planned about these orders, by template, audience and channel. One statement."""
    rows = Notice.objects.filter(order_id__in=list(order_ids), planned_at=act.recorded_at, state__in=WOULD_GO)
    counts = rows.order_by().values_list("template", "audience", "channel").annotate(Count("id"))
    return Counter({(template, audience, channel): count for template, audience, channel, count in counts})


def added(before: Sequence[Sequence[Any]], more: Mapping[tuple[str, str, str], int]) -> list[list[Any]]:
    """The counts so far and those of one more set, the most first."""
    sums = Counter({(template, audience, channel): count for template, audience, channel, count in before})
    sums.update(more)
    return [[*key, count] for key, count in sums.most_common()]


def counted(before: Mapping[str, int], facts: Iterable[Fact]) -> dict[str, int]:
    """How often each kind of fact would be recorded, with one more set."""
    return dict(Counter(before) + Counter(type(fact).__name__ for fact in facts))


def tellings(rows: Sequence[Sequence[Any]]) -> tuple[Telling, ...]:
    """The counts as they are kept, with names."""
    return tuple(Telling(*row) for row in rows)
