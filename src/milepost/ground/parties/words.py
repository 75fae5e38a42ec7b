"""What other rooms say and hear about customers, suppliers and carriers."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerDraft:
    """A customer as an order names them. `zone` is an IANA time zone, `language` a BCP 47 tag; empty where unknown."""

    external_ref: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    language: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerCard:
    """A customer as we have them on record. `credit_limit`: how much their open orders may come to; None: without limit."""

    id: int
    external_ref: str
    name: str
    email: str
    phone: str
    language: str
    zone: str
    blocked: bool
    blocked_because: str
    credit_limit: Decimal | None = None
    credit_currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierDraft:
    """A supplier to be put on record; `code` is ours and unique."""

    code: str
    name: str
    email: str = ""
    phone: str = ""
    language: str = ""
    zone: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierDraft:
    """A carrier or our own drivers. `tracking_url` holds `{number}` where the tracking number goes."""

    code: str
    name: str
    in_house: bool = False
    tracking_url: str = ""
    phone: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierCard(SupplierDraft):
    """A supplier on record."""

    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierCard(CarrierDraft):
    """A carrier on record."""

    id: int


class ConsentClass(StrEnum):
    """What a message is for. *transactional*: about an order that its recipient placed; it needs no consent, and ends when they
    say so. *service*: about the shop's service, a request for a review say. *marketing*: all that sells."""

    TRANSACTIONAL = "transactional"
    SERVICE = "service"
    MARKETING = "marketing"


class ConsentSource(StrEnum):
    """Where somebody gave or withdrew their consent."""

    PREFERENCES = "preferences"
    ONE_CLICK = "one_click"
    CONFIRM_PAGE = "confirm_page"
    ORDER = "order"
    STAFF = "staff"
    IMPORT = "import"
    PROVIDER = "provider"


class StopReason(StrEnum):
    """Why nothing more goes to an address on a channel."""

    BOUNCED = "bounced"
    COMPLAINED = "complained"
    OPTED_OUT = "opted_out"
    WRONG_NUMBER = "wrong_number"
    REFUSED = "refused"
    BY_STAFF = "by_staff"


class SmsWord(StrEnum):
    """What somebody asks by answering a text message with one word."""

    STOP = "stop"
    START = "start"
    HELP = "help"


Way = tuple[str, str]
"""A class of messages on a channel: ("marketing", "email")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentDraft:
    """What a customer says of one class on one channel, and where. `wording_version`: of the words that they read."""

    customer_id: int
    consent_class: ConsentClass
    channel: str
    source: ConsentSource
    wording_version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(ConsentDraft):
    """One statement of a customer on record: `given` or withdrawn, when, and by whom it was written down."""

    given: bool
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consents:
    """What a customer has said last about each class on each channel; of what is not in it they have said nothing."""

    said: Mapping[Way, Consent] = field(default_factory=dict)

    def allows(self, consent_class: str, channel: str, *, asked_first: Collection[Way] = ()) -> bool:
        """Whether a message may go this way: they said so, or said nothing where it need not be asked first."""
        said = self.said.get((consent_class, channel))
        return said.given if said else (consent_class, channel) not in asked_first


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelStop:
    """An address to which nothing more goes on a channel, since when and why; `lifted_at` once it does again."""

    id: int
    channel: str
    address: str
    reason: StopReason
    detail: str
    stopped_at: datetime
    stopped_by: str
    lifted_at: datetime | None = None
    lifted_by: str = ""
    lifted_because: str = ""
