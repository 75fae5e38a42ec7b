"""What the simulated provider does wrong, by chance from a seed."""

import random
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """Shares of calls, between 0 and 1.

    `late`: answered only after up to `late_seconds`. `silent`: accepted, and never answered. `deaf`: neither. `overdue`: never
    answered, and accepted all the same after `overdue_seconds`, when the caller has long hung up. `nonsense`: accepted or not,
    the answer is none. `partly`: accepted half of the messages, then silent. `refused`: messages refused for good. `bursts`:
    the share of time in which every call is answered "later"; each lasts `burst_seconds`.
    """

    late: float = 0
    late_seconds: float = 0.5
    silent: float = 0
    deaf: float = 0
    overdue: float = 0
    overdue_seconds: float = 3
    nonsense: float = 0
    partly: float = 0
    refused: float = 0
    bursts: float = 0
    burst_seconds: float = 2


KINDS = ("silent", "deaf", "overdue", "nonsense", "partly")


def read_faults(text: str) -> Faults:
    """From "late=0.1,silent=0.01". Raises ValueError for what it does not know."""
    known = {one.name for one in fields(Faults)}
    given = dict(part.split("=", 1) for part in text.split(",") if part)
    if not given.keys() <= known:
        raise ValueError(f"the simulated provider knows {', '.join(sorted(known))}")
    return Faults(**{name: float(value) for name, value in given.items()})


class Chance:
    """Draws what befalls each call."""

    def __init__(self, faults: Faults, seed: int) -> None:
        self.faults, self._random = faults, random.Random(seed)  # noqa: S311 # nothing secret
        self._burst_until = self._calm_until = 0.0

    def befalls(self) -> str:
        """The fault of a call, or nothing."""
        drawn = self._random.random()
        for kind in KINDS:
            drawn -= getattr(self.faults, kind)
            if drawn < 0:
                return kind
        return ""

    def lateness(self) -> float:
        """Seconds that an answer takes longer."""
        return self._random.random() * self.faults.late_seconds if self._random.random() < self.faults.late else 0

    def refuses(self) -> bool:
        """Whether a message is refused for good."""
        return bool(self.faults.refused) and self._random.random() < self.faults.refused

    def in_burst(self, now: float) -> bool:
        """Whether just now nothing works. `now` are seconds of any clock."""
        if not 0 < self.faults.bursts < 1:
            return self.faults.bursts >= 1
        if now >= max(self._burst_until, self._calm_until):
            length = self.faults.burst_seconds
            if self._burst_until >= self._calm_until:
                self._calm_until = now + length * (1 - self.faults.bursts) / self.faults.bursts * self._random.uniform(
                    0.5, 1.5
                )
            else:
                self._burst_until = now + length
        return now < self._burst_until
