"""Schedules: what is looked after by the clock, through procrastinate, once however many workers run (TRK-5, OPS-1)."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from procrastinate.contrib.django import app

from milepost.config.furnish import furnish
from milepost.ground.access import codes, sign_in_locks
from milepost.ground.access.commands import forget_calls
from milepost.ground.arrivals import commands as arrivals
from milepost.ground.procedures import queries as procedures
from milepost.ground.procedures.commands import bring_into_force
from milepost.ground.webhooks import commands as webhooks
from milepost.kernel.acts import Act
from milepost.overview.bulk import commands as bulk
from milepost.overview.health import commands as health
from milepost.overview.records import commands as records
from milepost.reactions import calling
from milepost.reactions.letters import compose
from milepost.reactions.reviews import open_review
from milepost.way.cases import commands as cases
from milepost.way.closeout import commands as closeout
from milepost.way.intake import commands as intake
from milepost.way.tracking import commands as tracking
from milepost.way.tracking.links import commands as links

KEEP_ANSWERED_CALLS = timedelta(days=30)
KEEP_SIGN_INS = timedelta(days=2)
KEEP_TYPED_FORMS = timedelta(days=30)
KEEP_FORGERIES = timedelta(days=30)
KEEP_DONE_JOBS = timedelta(days=3)
KEEP_BULK_RUNS = timedelta(days=90)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="find_delays")
def find_delays(timestamp: int) -> None:
    """Each minute: orders that are past their promise (EXC-1)."""
    after = cases.find_delays(act=_act(datetime.now(UTC))).after
    while after is not None:
        after = cases.find_delays(act=_act(datetime.now(UTC)), after=after).after


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="look_after_parcels")
def look_after_parcels(timestamp: int) -> None:
    """Each minute: parcels without news for longer than usual, and those that will miss their promise (EXC-1, FUP-1)."""
    _until_done(lambda act: tracking.look_after(act=act))


@app.periodic(cron="40 2 * * *")
@app.task(queueing_lock="learn_lanes")
def learn_lanes(timestamp: int) -> None:
    """Each night: what is usual on each lane is learned anew from what was delivered (EXC-1)."""
    tracking.learn_lanes(act=_act(datetime.now(UTC)))


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="settle_offers")
def settle_offers(timestamp: int) -> None:
    """Each minute: offers of alternatives that nobody answered in time, or of which nothing is short any more (STK-2)."""
    _until_done(lambda act: cases.lapse_offers(act=act))
    _until_done(lambda act: cases.tidy_offers(act=act))


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="check_links")
def check_links(timestamp: int) -> None:
    """Each minute: carriers' pages that are to be looked at, as many of one host as the procedure allows (TRK-4)."""
    links.check_links(act=_act(datetime.now(UTC)))


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="close_orders")
def close_orders(timestamp: int) -> None:
    """Every ten minutes: deliveries that nobody objected to in time are accepted, accepted orders closed (CLO-2)."""
    _until_done(lambda act: closeout.accept_silent(act=act))
    _until_done(lambda act: closeout.close_due(act=act))


@app.periodic(cron="20 3 * * *")
@app.task(queueing_lock="audit_notices")
def audit_notices(timestamp: int) -> None:
    """Each night: what was told is held against the books; each rule that is broken is a duty of IT (NTF-4)."""
    records.audit_each_night(act=_act(datetime.now(UTC)))


@app.periodic(cron="5 * * * *")
@app.task(queueing_lock="keep_house")
def keep_house(timestamp: int) -> None:
    """Each hour: partitions for the months ahead, procedures whose day has come (REV-1), what is of no use any more."""
    now = datetime.now(UTC)
    furnish(now=now)
    bring_into_force(now.date(), act=_act(now))
    open_review(now.date(), act=_act(now))
    forget_calls(now - KEEP_ANSWERED_CALLS)
    codes.forget(now - KEEP_SIGN_INS)
    sign_in_locks.forget(now - KEEP_SIGN_INS)
    intake.forget_forms(now - KEEP_TYPED_FORMS)
    while arrivals.forget_forged(now - KEEP_FORGERIES):
        pass
    while health.forget_jobs(now - KEEP_DONE_JOBS):
        pass
    while bulk.forget(now - KEEP_BULK_RUNS):
        pass
    while webhooks.forget(now - timedelta(days=procedures.book().webhooks.keep_days)):
        pass


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="go_through_calls")
def go_through_calls(timestamp: int) -> None:
    """Every ten minutes: calls that would tell what is old news by now are taken off the desks (NTF-1)."""
    calling.go_through_calls(datetime.now(UTC), compose=compose)


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="wake_arrivals")
def wake_arrivals(timestamp: int) -> None:
    """Every ten minutes: what waits for something that may have come meanwhile is looked at again (OPS-1)."""
    arrivals.wake_those_who_wait(act=_act(datetime.now(UTC)))


def _until_done(batch: Callable[[Act], int]) -> None:
    while batch(_act(datetime.now(UTC))):
        pass


def _act(now: datetime) -> Act:
    return Act.now("system:clock", channel="worker", now=now)


def run_jobs(told_to_stop: Callable[[], bool]) -> None:
    """Run scheduled jobs until told to stop; for a thread of the worker."""
    asyncio.run(_run_jobs(told_to_stop))


async def _run_jobs(told_to_stop: Callable[[], bool]) -> None:
    with app.replace_connector(app.connector.get_worker_connector()) as ready:  # type: ignore[attr-defined]
        async with ready.open_async():
            work = asyncio.create_task(ready.run_worker_async(install_signal_handlers=False, concurrency=1))
            while not (told_to_stop() or work.done()):
                await asyncio.sleep(0.2)
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
