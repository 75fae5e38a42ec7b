"""What all procedures have in common: their kinds, and names that several of them use."""

from collections.abc import Mapping
from typing import Literal

KINDS: Mapping[str, str] = {
    "communication_matrix": "Communication matrix",
    "clocks": "Clocks",
    "escalation_matrix": "Escalation matrix",
    "calendars": "Calendars",
    "promising": "Promising",
    "offers": "Offers of alternatives",
    "telling": "Telling",
    "sending": "Sending",
    "silence": "Silence and delay",
    "polling": "Asking carriers",
    "consent": "Consent",
    "calls": "Calls",
    "links": "Tracking links",
    "webhooks": "Webhooks out",
    "inquiries": "Inquiries",
    "verification": "Verification",
    "retention": "Retention",
    "closing": "Closing",
    "roles": "Roles",
    "template": "Template",
}
QUARTERLY = frozenset({"template", "communication_matrix"})
"""Reviewed every quarter; all others every year (REV-1)."""
DEFAULT = "default"
"""The name of a document of which there is one of its kind."""
STATES = ("draft", "reviewed", "published", "retired")
ChannelName = Literal["email", "sms", "phone", "in_app", "portal", "web_push", "staff_alert"]
TemplateClass = Literal["transactional", "service", "marketing"]
Timing = Literal["at_once", "next_window", "digest"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CUSTOMER, RESPONSIBLE = "customer", "responsible"
"""Audiences besides the roles: who ordered; the role that the fact itself names."""
RECIPIENT, STAKEHOLDERS, SUPPLIER = "recipient", "stakeholders", "supplier"
"""Audiences besides: whom the goods go to where that is somebody else; who else is named on the order; whom we buy from."""
OUTSIDE = frozenset({CUSTOMER, RECIPIENT, STAKEHOLDERS, SUPPLIER})
"""Audiences outside of the house: they are reached by their own addresses, in their own language and hours."""
LEAST_MONTHS = 12
"""No record is kept for less (RECD-3)."""


class Strict:
    """A record of a document: a field that it does not know is a mistake, and is refused."""

    __slots__ = ()
    __pydantic_config__ = {"extra": "forbid"}
