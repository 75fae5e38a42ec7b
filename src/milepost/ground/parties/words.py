"""What other rooms say and hear about customers, suppliers and carriers."""

from dataclasses import dataclass
from decimal import Decimal


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
