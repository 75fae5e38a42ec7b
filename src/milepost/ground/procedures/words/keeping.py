"""Checks of orders, how long records are kept, when orders close, and what roles answer for."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from milepost.ground.procedures.words.terms import LEAST_MONTHS, Strict


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingWords(Strict):
    """How one finding is put to people: what we expect, and the question to the customer (none: it is not for them).

    Both may name {value}, {expected}, {part}, {item} and what else the check knows. `confirm`: the customer may say that it is
    right as it is.
    """

    expects: str
    question: str = ""
    confirm: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRule(Strict):
    """One check of verification: whether it blocks, the hold it opens, the role that settles it, its thresholds (VER-1).

    Findings named in `advisory` never block. `countries` are those where a street has a house number. `word_suffices`: the
    customer's word that it is right as it is settles it; without, their answer is on record and the role decides. `four_eyes`: who
    releases the hold by hand only proposes it; somebody else, of the role `approver`, approves. `words` are the sentences of its
    findings, by their code.
    """

    check: str
    blocking: bool
    hold: str
    role: str
    thresholds: dict[str, Decimal] = field(default_factory=dict)
    advisory: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    word_suffices: bool = True
    four_eyes: bool = False
    approver: str = "management"
    words: dict[str, FindingWords] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule(Strict):
    """How long records of one sort are kept, counted from the close of their order (RECD-3)."""

    records: str
    months: int
    then: Literal["archive", "erase"] = "archive"

    def __post_init__(self) -> None:
        if self.months < LEAST_MONTHS:
            raise ValueError(f"records are kept for {LEAST_MONTHS} months at least")


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing(Strict):
    """Days after delivery in which the customer may speak before the order counts as accepted; days after that to closing."""

    acceptance_days: int
    close_days: int

    def __post_init__(self) -> None:
        if self.acceptance_days < 0 or self.close_days < 0:
            raise ValueError("days must not be negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleSheet(Strict):
    """What a role answers for, in the words of the procedures."""

    name: str
    responsibilities: tuple[str, ...]
