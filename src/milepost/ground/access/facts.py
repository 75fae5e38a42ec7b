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
class StaffRenamed(StaffFact):
    """Somebody has another name now."""

    says: ClassVar[str] = "Staff {staff_id} has another name now"


@dataclass(frozen=True, kw_only=True)
class StaffLeft(StaffFact):
    """Somebody may no longer sign in."""

    says: ClassVar[str] = "Staff {staff_id} left"


@dataclass(frozen=True, kw_only=True)
class StaffReturned(StaffFact):
    """Somebody who had left may sign in again."""

    says: ClassVar[str] = "Staff {staff_id} returned"


@dataclass(frozen=True, kw_only=True)
class SignInLocked(StaffFact):
    """Sign-in by password with one address is closed for a while; of staff 0 where the address is nobody's."""

    says: ClassVar[str] = "Sign-in by password was closed for a while after too many wrong tries"


@dataclass(frozen=True, kw_only=True)
class SignInOpened(StaffFact):
    """Somebody may try again before the time was over."""

    says: ClassVar[str] = "Sign-in by password was opened again"


@dataclass(frozen=True, kw_only=True)
class PasswordSet(StaffFact):
    """Somebody has another password now."""

    says: ClassVar[str] = "The password was changed"


@dataclass(frozen=True, kw_only=True)
class SecondFactorAdded(StaffFact):
    """Somebody signs in with an authenticator app or a passkey now."""

    says: ClassVar[str] = "Second factor added: {factor}"
    factor: str


@dataclass(frozen=True, kw_only=True)
class SecondFactorRemoved(StaffFact):
    """Somebody took one of theirs away."""

    says: ClassVar[str] = "Second factor removed: {factor}"
    factor: str


@dataclass(frozen=True, kw_only=True)
class RecoveryCodesMade(StaffFact):
    """Somebody has new recovery codes; the former are worth nothing."""

    says: ClassVar[str] = "New recovery codes were made"


@dataclass(frozen=True, kw_only=True)
class SecondFactorReset(StaffFact):
    """All second factors of somebody were taken away, by somebody who manages access."""

    says: ClassVar[str] = "All second factors were taken away, and all sessions ended"


@dataclass(frozen=True, kw_only=True)
class SessionsEnded(StaffFact):
    """Somebody is signed out everywhere."""

    says: ClassVar[str] = "Signed out everywhere"


@dataclass(frozen=True, kw_only=True)
class ListExported(StaffFact):
    """Somebody takes what a list shows out of the house. By what it was narrowed is named, the words themselves are personal."""

    says: ClassVar[str] = "Staff {staff_id} exports the list {listing} as {form}, narrowed by {narrowed_by}"
    listing: str
    form: str
    narrowed_by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ExportEnded(StaffFact):
    """So many rows left the house; an export that has no such fact was broken off with the process that wrote it."""

    says: ClassVar[str] = "The export of the list {listing} ended after {rows} rows, whole: {whole}"
    listing: str
    rows: int
    whole: bool


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
class LinkAsked(SignInFact):
    """Somebody typed the number of an order and an address; the link is sent if the order has that address."""

    says: ClassVar[str] = "The link of an order was asked for"
    opens: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class OpeningAsked(OrderFact):
    """Somebody with the link asked for a code to see all of the order; it goes to the customer's own contact."""

    says: ClassVar[str] = "A code to see the whole order was asked for on the tracking page, by {channel}"
    sign_in_id: int
    channel: str


@dataclass(frozen=True, kw_only=True)
class LinkOpened(OrderFact):
    """Somebody gave the code that was sent to the customer, and sees the whole order in their browser."""

    says: ClassVar[str] = "The tracking page was opened in full by a code"
    sign_in_id: int


@dataclass(frozen=True, kw_only=True)
class CustomerSignedIn(SignInFact):
    """A customer proved by the code that the address is theirs."""

    says: ClassVar[str] = "Signed in by code"
