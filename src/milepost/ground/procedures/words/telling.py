"""Who is told of what, how, when and how often; what people agree to, and when they are called."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from decimal import Decimal
from functools import lru_cache
from typing import Literal, cast

from milepost.ground.procedures.words.clocks import shift, shifts
from milepost.ground.procedures.words.terms import WEEKDAYS, ChannelName, Strict, TemplateClass, Timing, Weekday
from milepost.kernel.worktime import Shift


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow(Strict):
    """Who is told of a fact, how, in which words, and when (NTF-1).

    `audience` is "customer", "recipient", "stakeholders", "supplier", "responsible" or a role. `channels` stand in order of
    preference. Of the rows with a `rank`, one with a higher rank replaces what is unsent of lower ones; 0 stands alone.
    `timing`: "at_once" within the channel's hours, in the "next_window", or in the "digest" of the recipient's day.
    `wait_minutes`: it leaves no sooner; with `joins`, what the same fact tells of the same order until then goes in the same
    message. `expects`: the audit misses a notice that is not there. `when`: only
    where the fact's own values are among these ({ kind = ["lost"] }).
    """

    fact: str
    audience: str
    channels: tuple[ChannelName, ...]
    template: str
    milestone: str
    role_responsible: str
    timing: Timing = "at_once"
    rank: int = 0
    wait_minutes: int = 0
    joins: bool = False
    expects: bool = True
    when: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.channels:
            raise ValueError("at least one channel is needed")
        if self.rank < 0:
            raise ValueError("rank must not be negative")
        if self.wait_minutes < 0 or (self.joins and not self.wait_minutes):
            raise ValueError("wait_minutes must not be negative, and what joins needs some")


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget(Strict):
    """How many messages one person gets in 24 hours, over all channels and orders (NTF-1).

    What is `needed`, by template, is never held back, but counts. Of the others those that stand first in `first` matter most,
    and what is not named matters least. `beyond` it, they are joined into one digest, or withheld.
    """

    per_day: int
    needed: tuple[str, ...]
    first: tuple[str, ...] = ()
    beyond: Literal["digest", "withhold"] = "digest"

    def __post_init__(self) -> None:
        if self.per_day < 1:
            raise ValueError("per_day is one at least")

    def place(self, template: str) -> int:
        """How far down it stands in what matters."""
        return self.first.index(template) if template in self.first else len(self.first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness(Strict):
    """How old news may be when it is told, in hours: `news` by template, and a date that rests on the `carrier`'s word.

    `instead`, by language, is the sentence that stands where no date can be stated any more.
    """

    news: dict[str, int] = field(default_factory=dict)
    carrier: int
    instead: dict[str, str]

    def __post_init__(self) -> None:
        if self.carrier < 1 or any(hours < 1 for hours in self.news.values()):
            raise ValueError("hours are one at least")
        if "en" not in self.instead:
            raise ValueError("the sentence without a date is needed in English")

    def sentence(self, language: str) -> str:
        """What is said where no date can be stated, in this language, its main language, or English."""
        main = language.partition("-")[0]
        return self.instead.get(language) or self.instead.get(main) or self.instead["en"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling(Strict):
    """When people are written to, how often, and how old news may be (NTF-1, NTF-3).

    `hours` are those, at the recipient's place, in which a channel may be used; of a channel that is not named, all. `window` is
    that of "next_window", and `digest_at` the time of the digest. What somebody asked for on the spot goes out `at_any_time`.
    """

    hours: dict[ChannelName, str]
    window: str
    digest_at: time
    at_any_time: tuple[str, ...] = ()
    budget: Budget
    freshness: Freshness

    def __post_init__(self) -> None:
        for written in (self.window, *self.hours.values()):
            shift(written)
        if self.digest_at.tzinfo:
            raise ValueError("digest_at is wall time and has no zone of its own")

    def allowed(self, channel: str) -> Shift | None:
        """The hours of a channel; None: all."""
        return _hours_of(self).get(channel)

    def usual(self) -> Shift:
        """The hours of "next_window"."""
        return shift(self.window)


@lru_cache(maxsize=32)
def _hours(written: tuple[tuple[str, str], ...]) -> Mapping[str, Shift]:
    return {channel: shift(text) for channel, text in written}


def _hours_of(telling: Telling) -> Mapping[str, Shift]:
    return _hours(tuple(telling.hours.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWords(Strict):
    """What a class of messages is called and what it brings, in one language: the words that somebody agrees to."""

    name: str
    says: str
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentPolicy(Strict):
    """What people are asked before they are written to, on which channels, and in which words (by class, then language).

    Of a class named in `asked_first` nothing goes out on these channels before somebody said that they want it; of all other
    ways nothing any more once they said that they do not. `channels` are those on the page where they choose. The version of this
    document is the wording that is kept with each consent.
    """

    channels: tuple[ChannelName, ...]
    asked_first: dict[TemplateClass, tuple[ChannelName, ...]]
    words: dict[TemplateClass, dict[str, ConsentWords]]

    def __post_init__(self) -> None:
        if any("en" not in languages for languages in self.words.values()):
            raise ValueError("the words of each class are there in English at least")

    def asked(self) -> frozenset[tuple[str, str]]:
        """The (class, channel) that take a yes first."""
        return frozenset((of, channel) for of, channels in self.asked_first.items() for channel in channels)

    def wording(self, of: str, language: str) -> ConsentWords:
        """What a class is called in this language, or in English."""
        known = self.words[cast(TemplateClass, of)]
        spoken = language.partition("-")[0].lower()
        tag = spoken if spoken in known else "en"
        return replace(known[tag], language=tag)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsPolicy(Strict):
    """When customers are called, at their place, and how often it is tried. `voicemail_tells`: what was left there was told."""

    week: dict[Weekday, tuple[str, ...]]
    tries: int
    again_after_hours: Decimal
    voicemail_tells: bool = True

    def __post_init__(self) -> None:
        if not any(self.week.values()):
            raise ValueError("there is no time to call in the whole week")
        if self.tries < 1 or self.again_after_hours <= 0:
            raise ValueError("tries is one at least, and again_after_hours more than zero")
        self.shifts()

    def shifts(self) -> dict[int, tuple[Shift, ...]]:
        """The hours of each day of the week, Monday 0."""
        return {WEEKDAYS.index(day): shifts(written) for day, written in self.week.items()}
