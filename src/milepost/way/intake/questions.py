"""The words of clarification: questions to the customer, what was said, and how the order stands by then (VER-3)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from milepost.way.intake.words import Address, LineDraft


class Outcome(StrEnum):
    """How a finding was settled: the customer says it is right as it is; it was put right; somebody decided to go on."""

    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    OVERRIDDEN = "overridden"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """An open question to the customer: what we have, what we expect, and what they said, where that did not settle it."""

    finding_id: UUID
    order_id: int
    code: str
    field: str
    value: str
    expected: str
    question: str
    confirm: bool
    blocking: bool
    answer: str = ""
    asked_at: datetime | None = None

    @property
    def is_correctable(self) -> bool:
        """Whether the order has a place for another value."""
        return is_correctable(self.field)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The answer to one question: it is right as it is, or another value."""

    finding_id: UUID
    confirmed: bool = False
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clarification:
    """What was said about an order: replies to questions, and corrections that nobody asked for, by field.

    `confirmed`: the corrections are right as they are, whatever verification makes of them. `said_by` and `said_at`: who said
    it and when, where a clerk writes it down.
    """

    order_id: int
    replies: tuple[Reply, ...] = ()
    corrections: Mapping[str, str] = field(default_factory=dict)
    confirmed: bool = False
    said_by: str = ""
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What shall stand in a field of an order from now on, by an answer."""

    order_id: int
    answer_id: UUID
    field: str
    value: str
    said_by: str
    said_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An order as it stands now, for verification to look at it again. A cancelled line keeps its place with quantity 0."""

    order_id: int
    contact_name: str
    email: str
    phone: str
    ship_to: Address
    lines: tuple[LineDraft, ...]
    po_number: str
    payment_reference: str


_CORRECTABLE = re.compile(
    r"customer\.(name|email|phone)|ship_to\.(name|company|street|postal_code|city|region|country)"
    r"|lines\.\d+\.(quantity|price)|po_number|payment_reference|phone|email|contact_name|instructions"
)


def is_correctable(field: str) -> bool:
    """Whether a field of an order can be put right by a word of the customer."""
    return _CORRECTABLE.fullmatch(field) is not None
