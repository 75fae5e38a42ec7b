"""How soon inquiries are answered, and how answers find those who wait for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from milepost.ground.procedures.words.terms import Strict

InquiryChannel = Literal["portal", "email", "phone", "chat", "sms", "in_person"]
InquiryTopic = Literal["question", "status", "change", "cancellation", "return", "complaint", "invoice", "quote"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiriesPolicy(Strict):
    """Reply times in working hours by channel; what is urgent is due in `urgent_hours` at the latest (INQ-2).

    An answer goes by e-mail `mail_after_minutes` later to who was seen on the page within `here_seconds`, unless it was read there.
    A conversation that was closed goes on within `reopen_days`.
    """

    hours: Mapping[InquiryChannel, Decimal]
    urgent: tuple[InquiryTopic, ...]
    urgent_hours: Decimal
    here_seconds: int
    mail_after_minutes: int
    reopen_days: int
    an_hour_at_most: int

    def __post_init__(self) -> None:
        if any(hours <= 0 for hours in (*self.hours.values(), self.urgent_hours)):
            raise ValueError("hours must be more than zero")
        if missing := {"portal", "email", "phone"} - set(self.hours):
            raise ValueError(f"hours are missing for {', '.join(sorted(missing))}")
        if self.here_seconds < 5 or self.mail_after_minutes < 0 or self.reopen_days < 0 or self.an_hour_at_most < 1:
            raise ValueError("here_seconds is five at least, an_hour_at_most one, the others nothing")

    def is_urgent(self, topic: str) -> bool:
        """Whether an inquiry about it comes before others."""
        return topic in self.urgent

    def hours_for(self, channel: str, topic: str) -> Decimal:
        """Within how many working hours it is answered."""
        hours = {str(name): one for name, one in self.hours.items()}.get(channel, self.hours["email"])
        return min(hours, self.urgent_hours) if self.is_urgent(topic) else hours
