"""How messages and webhooks are tried, by whom they go, and what they cost."""

from dataclasses import dataclass, field
from decimal import Decimal

from milepost.ground.procedures.words.terms import Strict


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRules(Strict):
    """How long peers are called that do not answer (NTF-1, OPS-1).

    After each failure the next call waits as many minutes as `ladder_minutes` says; after the last it is up to a person. An
    endpoint that nothing has reached for `give_up_days` is stopped. A former secret signs for `rotation_hours` beside the new
    one. What was delivered can be delivered again for `keep_days`.
    """

    ladder_minutes: tuple[Decimal, ...]
    give_up_days: int
    rotation_hours: int
    keep_days: int

    def __post_init__(self) -> None:
        if any(minutes <= 0 for minutes in self.ladder_minutes) or list(self.ladder_minutes) != sorted(
            self.ladder_minutes
        ):
            raise ValueError("ladder_minutes are more than zero and rise")
        if self.give_up_days < 1 or self.rotation_hours < 0 or self.keep_days < 1:
            raise ValueError("give_up_days and keep_days are 1 or more, rotation_hours not negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentPrice(Strict):
    """What a sender charges for one segment of an SMS to numbers that begin with `prefix` (+49); the longest that fits counts."""

    sender: str
    prefix: str
    price: Decimal
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingPolicy(Strict):
    """How messages are handed to senders (NTF-1, OPS-1).

    `ladder_minutes`: how long to wait after each "later" of a sender. `asking_minutes`: for how long a sender is asked about a
    message whose answer never came, before a person decides. Of several senders of a channel each gets messages by its
    `weights` (100 unless named; 0: only while no other does). A sender rests when of at least `least` attempts in
    `window_minutes` at least `down_percent` went wrong: `rest_minutes`, doubled each time up to `longest_rest_minutes`; then
    `probes` messages find out whether it is back, which it is when `up_percent` of them get through.
    """

    ladder_minutes: tuple[int, ...]
    asking_minutes: int
    window_minutes: int
    least: int
    down_percent: int
    probes: int
    up_percent: int
    rest_minutes: int
    longest_rest_minutes: int
    weights: dict[str, int] = field(default_factory=dict)
    prices: tuple[SegmentPrice, ...] = ()

    def __post_init__(self) -> None:
        counts = (self.asking_minutes, self.window_minutes, self.least, self.probes, self.rest_minutes)
        if min(*counts, *self.ladder_minutes) <= 0:
            raise ValueError("minutes and numbers of attempts are more than zero")
        if not (0 < self.down_percent <= 100 and 0 < self.up_percent <= 100):
            raise ValueError("percents lie between 1 and 100")
        if self.up_percent <= 100 - self.down_percent:
            raise ValueError("a sender must do better to come back than to stay")
        if self.longest_rest_minutes < self.rest_minutes:
            raise ValueError("the longest rest is no shorter than the first")
        if any(weight < 0 for weight in self.weights.values()):
            raise ValueError("weights are zero or more")

    def price_of(self, sender: str, number: str) -> SegmentPrice | None:
        """What a segment to this number costs, where that is known."""
        fitting = [one for one in self.prices if one.sender == sender and number.startswith(one.prefix)]
        return max(fitting, key=lambda one: len(one.prefix), default=None)
