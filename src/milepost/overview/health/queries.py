"""Reads of health: the standing of the house at one look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from milepost.ground.arrivals import queries as arrivals
from milepost.ground.arrivals.words import Unsettled
from milepost.ground.duties import queries as duties
from milepost.ground.duties.words import DutyCard
from milepost.ground.notices.outboxes import Cost, Outbox, SenderCard, outboxes, sender_cards, sms_costs
from milepost.ground.procedures.queries import book
from milepost.ground.webhooks import queries as webhooks
from milepost.ground.webhooks.words import Backlog
from milepost.overview.health import jobs
from milepost.overview.health.words import AUDIT, FailedJob, Schedule, Workers
from milepost.way.tracking.links import queries as links
from milepost.way.tracking.links.words import LinkCard
from milepost.way.tracking.pollers import PollerCard, pollers

COSTS_OF = timedelta(days=30)
REPAIR, IT = "it_repair", "it_support"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the house does: what waits and since when, what is in trouble, what ran last, and what IT is to repair."""

    outboxes: Sequence[Outbox]
    senders: Sequence[SenderCard]
    costs: Sequence[Cost]
    webhooks: Backlog
    arrivals: Sequence[Unsettled]
    pollers: Sequence[PollerCard]
    broken: Sequence[LinkCard]
    broken_count: int
    workers: Workers
    failed: Sequence[FailedJob]
    failed_count: int
    schedules: Sequence[Schedule]
    repairs: Sequence[DutyCard]

    @property
    def audit(self) -> Schedule | None:
        """The last run of the nightly audit."""
        return next((one for one in self.schedules if one.name == AUDIT), None)


def standing(now: datetime) -> Standing:
    """The standing of the house. Thirteen statements, however much there is of anything."""
    return Standing(
        outboxes=outboxes(now), senders=sender_cards(now, policy=book().sending),
        costs=sms_costs(since=now - COSTS_OF), webhooks=webhooks.backlog(now), arrivals=arrivals.unsettled(),
        pollers=pollers(now), broken=links.broken(limit=20), broken_count=sum(links.count_broken().values()),
        workers=jobs.workers(now), failed=jobs.failed_jobs(limit=20), failed_count=jobs.count_failed(), schedules=jobs.schedules(),
        repairs=duties.open_of_kind(REPAIR, role=IT),
    )  # fmt: skip
