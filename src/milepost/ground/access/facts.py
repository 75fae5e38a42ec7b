"""What happens to staff, keys and links. No fact holds a name or an address of a person."""

from dataclasses import dataclass
from typing import ClassVar

from milepost.kernel.facts import Fact, OrderFact


@dataclass(frozen=True, kw_only=True)
class StaffFact(Fact):
    """A fact of one member of staff."""

    stream: ClassVar[str] = "staff"
    says: ClassVar[str] = ""
    staff_id: int

    @property
    def stream_id(self) -> int:
        return self.staff_id


@dataclass(frozen=True, kw_only=True)
class StaffJoined(StaffFact):
    """Somebody may sign in now."""

    says: ClassVar[str] = "Staff {staff_id} joined with roles {roles}"
    roles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RolesChanged(StaffFact):
    """Somebody may do other things now."""

    says: ClassVar[str] = "Roles of staff {staff_id} changed from {was} to {roles}"
    roles: tuple[str, ...]
    was: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class StaffLeft(StaffFact):
    """Somebody may no longer sign in."""

    says: ClassVar[str] = "Staff {staff_id} left"


@dataclass(frozen=True, kw_only=True)
class StaffReturned(StaffFact):
    """Somebody who had left may sign in again."""

    says: ClassVar[str] = "Staff {staff_id} returned"


@dataclass(frozen=True, kw_only=True)
class KeyFact(Fact):
    """A fact of one API key."""

    stream: ClassVar[str] = "key"
    says: ClassVar[str] = ""
    key_id: int

    @property
    def stream_id(self) -> int:
        return self.key_id


@dataclass(frozen=True, kw_only=True)
class KeyGranted(KeyFact):
    """A machine may call the API."""

    says: ClassVar[str] = "Key {name} granted for {scopes}"
    name: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class KeyRevoked(KeyFact):
    """A key is worth nothing from now on."""

    says: ClassVar[str] = "Key revoked"


@dataclass(frozen=True, kw_only=True)
class LinksRevoked(OrderFact):
    """All links of one purpose that were given out for the order are worth nothing from now on."""

    says: ClassVar[str] = "Links of purpose {purpose} revoked"
    purpose: str
    generation: int


@dataclass(frozen=True, kw_only=True)
class SignInFact(Fact):
    """A fact of one sign-in by code."""

    stream: ClassVar[str] = "sign_in"
    says: ClassVar[str] = ""
    sign_in_id: int

    @property
    def stream_id(self) -> int:
        return self.sign_in_id


@dataclass(frozen=True, kw_only=True)
class CodeAsked(SignInFact):
    """Somebody asked for a code to sign in with; it is sent if a customer has the address."""

    says: ClassVar[str] = "A code to sign in with was asked for"
    opens: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class CustomerSignedIn(SignInFact):
    """A customer proved by the code that the address is theirs."""

    says: ClassVar[str] = "Signed in by code"
