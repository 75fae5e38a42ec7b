"""When no news is bad news: whether a parcel is silent for longer than usual, or will miss its promise (EXC-1, FUP-1).

Pure. Time counts on working days, 24 hours to a day, so weekends and holidays stand still, as they do in promises. What is
usual is learned of each lane (`lanes`); until then the procedure says it.
"""

import math
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from milepost.ground.procedures.words import SilencePolicy, StageHours
from milepost.kernel.worktime import Shift, WorkingCalendar
from milepost.way.tracking.lanes import Usual
from milepost.way.tracking.words import Concern, Ended, Stage

SOONEST, LATEST = 10, 90
"""The shares between which an estimate lies; so much in between is its confidence."""
MOST_TIMES = 4
"""How often patience grows with each silence of the same parcel."""
LEAST_PAUSE = timedelta(minutes=15)
"""A parcel is not looked at again before this, however near what may be found lies."""
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class OpenTime:
    """Time on working days, 24 hours to a day; others stand still."""

    whole: WorkingCalendar

    @classmethod
    def of(cls, calendar: WorkingCalendar) -> "OpenTime":
        """That of a calendar's working days."""
        day = (Shift(time.min, time.max),)
        return cls(
            replace(
                calendar, name=f"{calendar.name}, round the clock", week={k: day for k, v in calendar.week.items() if v},
                special={on: day if shifts else () for on, shifts in calendar.special.items()},
            )
        )  # fmt: skip

    def minutes(self, start: datetime, end: datetime) -> int:
        """Minutes between two instants; none when they are the other way round."""
        return self.whole.working_between(start, end) // _MINUTE if end > start else 0

    def after(self, start: datetime, minutes: float) -> datetime:
        """The instant that lies so many minutes later."""
        return self.whole.add_working(start, timedelta(minutes=math.ceil(minutes)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The concern that stands for a parcel, as far as it matters whether it goes on."""

    concern: Concern
    since_at: datetime
    due_at: datetime | None
    latest_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A parcel as it is looked at. `concerns`: how many silences of it were noticed before the one that stands.

    `gap` and `rest` are what is usual on its lane between two scans in this stage, and from entering it to the delivery.
    `transit_days` are those of its service. `due_at` is when its promise is over.
    """

    stage: Stage
    handed_at: datetime
    since_at: datetime
    last_event_at: datetime | None
    zone: str
    abroad: bool = False
    transit_days: tuple[int, int] = (1, 3)
    due_at: datetime | None = None
    gap: Usual | None = None
    rest: Usual | None = None
    concerns: int = 0
    standing: Standing | None = None

    @property
    def heard_at(self) -> datetime:
        """Since when there is no news: before the first scan, since the hand-over, whatever was said of the label."""
        if self.stage is Stage.SHIPPED or self.last_event_at is None:
            return self.handed_at
        return max(self.last_event_at, self.handed_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """From when to when it will arrive, in the recipient's calendar, with so many percent."""

    earliest_on: date
    latest_on: date
    confidence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A concern, and why: what is usual, how long we were patient, by how many samples of which lane."""

    concern: Concern
    since_at: datetime
    due_at: datetime | None
    estimate: Estimate
    usual_minutes: int
    patience_minutes: int
    samples: int
    lane: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a look at a parcel came to: a concern that is new or renewed, the end of one, and when to look again."""

    found: Found | None = None
    ended: Ended | None = None
    look_at: datetime | None = None


def look(parcel: Watched, policy: SilencePolicy, clock: OpenTime, *, now: datetime) -> Look:
    """What is to be thought of a parcel now. The same events, figures and clock give the same, whatever came first.

    A silence that stands ends with news, and with nothing else; a predicted miss when it is likely to be in time after all.
    """
    stood = parcel.standing
    if policy.hours(parcel.stage) is None:
        return Look(ended=Ended.OVER if stood else None)
    silent_at = clock.after(parcel.heard_at, patience(parcel, policy))
    if stood and stood.concern is not Concern.PREDICTED_MISS and parcel.heard_at <= stood.since_at:
        return Look()
    if now >= silent_at:
        found = None if stood and stood.concern is _kind_of_silence(parcel) else _silence(parcel, policy, clock, now)
        return Look(found=found)
    found, miss_at = _miss(parcel, policy, clock, now)
    goes_on = (
        stood is not None
        and stood.concern is Concern.PREDICTED_MISS
        and _still_misses(stood, parcel, policy, clock, now)
    )
    ended = None if stood is None or found or goes_on else _why_ended(stood)
    if goes_on and found and stood and found.estimate.latest_on <= stood.latest_on:
        found = None
    return Look(found=found, ended=ended, look_at=max(_first(silent_at, miss_at), now + LEAST_PAUSE))


def _why_ended(stood: Standing) -> Ended:
    return Ended.IN_TIME if stood.concern is Concern.PREDICTED_MISS else Ended.NEWS


def _first(silent_at: datetime, miss_at: datetime | None) -> datetime:
    return silent_at if miss_at is None else min(silent_at, miss_at)


def patience(parcel: Watched, policy: SilencePolicy) -> int:
    """Minutes without news after which a parcel's silence is unusual; more with each silence of it that ended."""
    found = usual_silence(parcel, policy)
    for _ in range(min(parcel.concerns, MOST_TIMES)):
        found = found * policy.again_percent // 100
    return found


def usual_silence(parcel: Watched, policy: SilencePolicy) -> int:
    """Minutes without news that are usual in this stage: learned with a margin, or as the procedure says."""
    if parcel.gap is not None:
        learned = parcel.gap.within(policy.percentile) * policy.margin_percent // 100
        return max(learned, policy.least_hours * 60)
    hours = _hours(parcel, policy)
    return (hours.abroad_hours if parcel.abroad else hours.hours) * 60


def _hours(parcel: Watched, policy: SilencePolicy) -> StageHours:
    found = policy.hours(parcel.stage)
    if found is None:
        raise ValueError(f"a parcel that is {parcel.stage} is not watched")
    return found


def _silence(parcel: Watched, policy: SilencePolicy, clock: OpenTime, now: datetime) -> Found:
    return Found(
        concern=_kind_of_silence(parcel), since_at=parcel.heard_at, due_at=parcel.due_at,
        estimate=from_now(parcel, policy, clock, now=now),
        usual_minutes=parcel.gap.within(policy.percentile) if parcel.gap else usual_silence(parcel, policy),
        patience_minutes=patience(parcel, policy), samples=parcel.gap.samples if parcel.gap else 0,
        lane=parcel.gap.lane if parcel.gap else "",
    )  # fmt: skip


def _kind_of_silence(parcel: Watched) -> Concern:
    """What never was scanned is another matter than what was: has the carrier the label's data, or nothing at all?"""
    if parcel.stage is not Stage.SHIPPED:
        return Concern.STALLED
    return Concern.DISPATCH_NOT_SCANNED if parcel.last_event_at is None else Concern.LABEL_NEVER_ACTIVATED


def from_now(parcel: Watched, policy: SilencePolicy, clock: OpenTime, *, now: datetime) -> Estimate:
    """When a parcel arrives of which nothing is known but its stage: what is usual from there, counted from now."""
    if parcel.rest is not None:
        return Estimate(
            earliest_on=_day(clock.after(now, parcel.rest.within(SOONEST)), parcel.zone),
            latest_on=_day(clock.after(now, parcel.rest.within(LATEST)), parcel.zone), confidence=LATEST - SOONEST,
        )  # fmt: skip
    least, most = (days * _hours(parcel, policy).rest_percent for days in parcel.transit_days)
    today = _day(now, parcel.zone)
    return Estimate(
        earliest_on=clock.whole.plus_working_days(today, least // 100),
        latest_on=clock.whole.plus_working_days(today, max(math.ceil(most / 100), 1)),
        confidence=policy.allowance("carrier").confidence,
    )


def _miss(
    parcel: Watched, policy: SilencePolicy, clock: OpenTime, now: datetime
) -> tuple[Found | None, datetime | None]:
    """Whether the promise will be missed, or else when that will have to be said. By learned figures only.

    A promise that is over already is the clock's matter, not one of prediction.
    """
    if parcel.rest is None or parcel.due_at is None or parcel.due_at <= now:
        return None, None
    due = clock.minutes(parcel.since_at, parcel.due_at)
    if chance_to_miss(parcel.rest, clock.minutes(parcel.since_at, now), due) * 100 >= policy.miss_opens_at:
        return _missed(parcel, parcel.rest, clock, now), None
    in_time = parcel.rest.done_by(due)
    turns = parcel.rest.when_done(1 - (1 - in_time) * 100 / policy.miss_opens_at) if in_time < 1 else None
    return None, clock.after(parcel.since_at, turns) if turns is not None and turns < due else None


def chance_to_miss(rest: Usual, gone: float, due: float) -> float:
    """How likely it is that what has taken `gone` minutes and is not yet there takes more than `due`: 0 to 1."""
    if due <= gone:
        return 1.0
    left = 1 - rest.done_by(gone)
    return 1.0 if left <= 0 else (1 - rest.done_by(due)) / left


def _still_misses(stood: Standing, parcel: Watched, policy: SilencePolicy, clock: OpenTime, now: datetime) -> bool:
    """Whether a predicted miss stands: measured by the promise that it would break, and with less needed than to open it."""
    if parcel.rest is None or stood.due_at is None or stood.due_at <= now:
        return True
    gone, due = clock.minutes(parcel.since_at, now), clock.minutes(parcel.since_at, stood.due_at)
    return chance_to_miss(parcel.rest, gone, due) * 100 > policy.miss_ends_at


def _missed(parcel: Watched, rest: Usual, clock: OpenTime, now: datetime) -> Found:
    return Found(
        concern=Concern.PREDICTED_MISS, since_at=parcel.since_at, due_at=parcel.due_at, usual_minutes=rest.within(50),
        estimate=of_those_left(parcel, rest, clock, now=now), patience_minutes=0, samples=rest.samples, lane=rest.lane,
    )  # fmt: skip


def of_those_left(parcel: Watched, rest: Usual, clock: OpenTime, *, now: datetime) -> Estimate:
    """When a parcel arrives that moves: as those of its lane do that were not there either by now."""
    done = rest.done_by(clock.minutes(parcel.since_at, now))

    def day(share: int) -> date:
        reckoned = clock.after(parcel.since_at, rest.when_done(done + (1 - done) * share / 100))
        return _day(max(reckoned, now), parcel.zone)

    return Estimate(earliest_on=day(SOONEST), latest_on=day(LATEST), confidence=LATEST - SOONEST)


def _day(instant: datetime, zone: str) -> date:
    return instant.astimezone(ZoneInfo(zone)).date()
