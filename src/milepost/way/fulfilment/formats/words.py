"""What is said about tracking numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What is known besides the number; all of it may be unknown.

    `carriers` are the codes of those whom the shop ships with; `sent_from` and `sent_to` countries (ISO 3166-1 alpha-2);
    `rulings` what staff said before of numbers of this shape: shape to carrier.
    """

    carriers: frozenset[str] = frozenset()
    sent_from: str = ""
    sent_to: str = ""
    rulings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A carrier whose number it may be. `confidence` is in percent over all candidates, never 100; `parts` what the number says
    of itself (service, destination); `reasons` why, in plain words. `link` is where people look it up, "" where there is no page.
    """

    carrier: str
    name: str
    format: str
    number: str
    confidence: int
    checked: bool
    link: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
