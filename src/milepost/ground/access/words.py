"""Roles, permissions, scopes and purposes: who may do what, on one page (ROL-1)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

ROLES: Mapping[str, str] = {
    "order_entry": "Order entry",
    "order_management": "Order management",
    "customer_service": "Customer service",
    "inventory": "Inventory",
    "fulfilment": "Fulfilment",
    "logistics": "Logistics",
    "driver": "Driver",
    "procurement": "Procurement",
    "management": "Management",
    "it_support": "IT support",
    "auditor": "Auditor",
    "administrator": "Administrator",
}

EVERYBODY = frozenset(ROLES)
OFFICE = EVERYBODY - {"driver"}
ACTING = EVERYBODY - {"auditor"}


def _roles(*names: str) -> frozenset[str]:
    """These roles, and the administrator, who may do everything."""
    return frozenset({*names, "administrator"})


PERMISSIONS: Mapping[str, frozenset[str]] = {
    "orders.read": OFFICE,
    "orders.enter": _roles("order_entry", "order_management", "customer_service"),
    "orders.confirm": _roles("order_management"),
    "orders.amend": _roles("order_entry", "order_management", "customer_service"),
    "orders.hold": _roles("order_management", "customer_service", "inventory", "fulfilment", "management"),
    "orders.release": _roles("order_management", "customer_service", "management"),
    "orders.cancel": _roles("order_management", "customer_service", "management"),
    "orders.write_off": _roles("management"),
    "orders.close": _roles("order_management", "customer_service"),
    "customers.read": OFFICE,
    "customers.correct": _roles("order_entry", "order_management", "customer_service"),
    "catalog.read": OFFICE,
    "catalog.list": _roles("inventory", "procurement"),
    "stock.read": OFFICE,
    "stock.receive": _roles("inventory", "procurement", "fulfilment"),
    "stock.allocate": _roles("inventory", "order_management"),
    "promises.revise": _roles("order_management", "logistics", "customer_service"),
    "fulfilment.read": OFFICE,
    "fulfilment.pick": _roles("fulfilment", "inventory"),
    "fulfilment.pack": _roles("fulfilment"),
    "fulfilment.ship": _roles("fulfilment", "logistics"),
    "tracking.read": EVERYBODY,
    "tracking.record": _roles("logistics", "driver", "fulfilment"),
    "delivery.prove": _roles("logistics", "driver"),
    "cases.read": OFFICE,
    "cases.work": _roles("logistics", "customer_service", "order_management", "management"),
    "inquiries.read": OFFICE,
    "inquiries.answer": _roles("customer_service", "order_management", "logistics"),
    "closeout.read": OFFICE,
    "closeout.work": _roles("customer_service", "order_management"),
    "duties.read": EVERYBODY,
    "duties.work": ACTING,
    "duties.assign": _roles("management", "order_management", "logistics", "it_support"),
    "duties.oversee": _roles(
        "management", "order_management", "customer_service", "logistics", "it_support", "auditor"
    ),
    "notices.read": OFFICE,
    "notices.repair": _roles("it_support", "customer_service"),
    "procedures.read": OFFICE,
    "procedures.draft": _roles("management", "order_management", "customer_service", "logistics", "it_support"),
    "procedures.review": _roles("management", "order_management"),
    "procedures.publish": _roles("management"),
    "insight.read": _roles("management", "order_management", "customer_service", "logistics", "auditor"),
    "look.read": OFFICE,
    "imports.read": _roles("order_entry", "order_management", "it_support", "auditor"),
    "imports.load": _roles("order_entry", "order_management", "it_support"),
    "health.read": _roles("it_support", "management", "auditor"),
    "health.repair": _roles("it_support"),
    "webhooks.read": _roles("it_support", "management", "auditor"),
    "webhooks.manage": _roles("it_support"),
    "lists.export": _roles(
        "order_management", "customer_service", "inventory", "logistics", "procurement", "management", "auditor"
    ),
    "lists.bulk": OFFICE - {"auditor"},
    "access.read": _roles("it_support", "auditor"),
    "access.open": _roles("it_support"),
    "access.manage": _roles(),
}

CHANGES_NOTHING = frozenset({"duties.oversee", "lists.export"})
"""What changes nothing besides what ends in `.read`: all of it is the auditor's, and nothing else."""

SCOPES: Mapping[str, str] = {
    "orders:write": "Place, amend and cancel orders",
    "orders:read": "Read orders and their stories",
    "catalog:write": "List items",
    "stock:write": "Receive stock",
    "fulfilment:write": "Pick, pack and ship",
    "tracking:write": "Record tracking events",
    "insight:read": "Read measures",
    "webhooks:manage": "Subscribe to events over webhooks",
    "backfill": "State when something happened in the past; nobody is told about it",
}

PURPOSES: Mapping[str, int] = {"track": 1, "feedback": 2, "questions": 3, "alternatives": 4, "preferences": 5}
"""A link of each purpose is about one order; one of *preferences* about one customer."""
LINK_DAYS = 180

CODE_MINUTES = 10
MOST_TRIES = 5
CODES_AN_HOUR, CODES_A_DAY = 5, 15
"""For one address: so somebody who guesses hits within a day with a chance of 75 in a million."""
CODES_AN_HOUR_FROM_ONE_PLACE = 100
SESSION_DAYS = 14
OPEN_HOURS = 2
"""For how long a link that was opened by a code shows all in that browser."""
WRONG_TRIES, LOCK_MINUTES = 5, 15
"""So many wrong passwords within so many minutes close sign-in by password for as many."""


def may(roles: Collection[str], permission: str) -> bool:
    """Whether somebody with these roles holds the permission. Raises KeyError for one that is not in the table."""
    return not PERMISSIONS[permission].isdisjoint(roles)


def permissions_of(roles: Collection[str]) -> Iterator[str]:
    """All permissions of somebody with these roles, in the order of the table."""
    return (name for name in PERMISSIONS if may(roles, name))


@dataclass(frozen=True, slots=True)
class KeyCard:
    """An API key that was shown and is valid."""

    id: int
    name: str
    scopes: frozenset[str]

    @property
    def actor(self) -> str:
        """How acts of this key name their actor."""
        return f"key:{self.id}"


@dataclass(frozen=True, slots=True)
class KeyRow:
    """An API key in the list of all; `prefix` is the part of its plain text that may be shown."""

    id: int
    name: str
    prefix: str
    scopes: tuple[str, ...]
    created_at: datetime
    revoked_at: datetime | None


class GrantedKey(NamedTuple):
    """A new API key. `plain` is shown to its owner once and kept nowhere."""

    id: int
    plain: str


@dataclass(frozen=True, slots=True)
class StaffCard:
    """A member of staff as other rooms and pages see them."""

    id: int
    email: str
    name: str
    roles: tuple[str, ...]
    is_active: bool

    @property
    def actor(self) -> str:
        """How acts of this person name their actor."""
        return f"staff:{self.id}"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a member of staff signs in; second factors, recovery codes left, when they used a factor and when they came last."""

    staff_id: int
    has_app: bool
    passkeys: int
    codes_left: int
    factor_used_at: datetime | None
    last_sign_in_at: datetime | None

    @property
    def has_factor(self) -> bool:
        """Whether a stolen password alone opens nothing."""
        return self.has_app or self.passkeys > 0


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What a call was answered, kept to answer its repetitions byte for byte."""

    status: int
    content_type: str
    response: bytes


def fingerprint(method: str, path: str, body: bytes) -> bytes:
    """What makes a call the same call: SHA-256 over method, path with query, and body."""
    return sha256(f"{method.upper()} {path}\n".encode() + body).digest()


class Wish(StrEnum):
    """What somebody asks for who proves themselves by a message: to sign in, to see all behind a link, to have a link again."""

    SIGN_IN = "sign_in"
    OPEN = "open"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class AskedCode:
    """A code that somebody asked for, as it is written to them: to an address, or to the contact of an order on a channel.

    One that asks for the link of an order has its number as it was typed, and no use for the code.
    """

    sign_in_id: int
    email: str
    code: str
    expires_at: datetime
    is_used: bool
    order_id: int | None = None
    channel: str = "email"
    reference: str = ""
