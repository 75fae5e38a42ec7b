"""Every address of the house and who may come in there: what the resolver and the API hold, and what each asks (ROL-1).

Pages of the desk name their permission themselves (`who.needs`), operations of the API their scope. All other addresses stand here,
by name; one that stands nowhere is found by a test, which says so.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


class Door(StrEnum):
    """What is asked at an address that asks no permission."""

    EVERYBODY = "everybody"
    STAFF = "everybody on the staff, for themselves"
    LINK = "who holds the signed link"
    CUSTOMER = "a customer who has signed in"
    SIGNATURE = "a peer who signs, or knows the secret"


OTHERS: Mapping[Door, frozenset[str]] = {
    Door.EVERYBODY: frozenset({
        "home", "push_worker", "portal:language", "lookup", "shop:sign_in", "shop:code", "shop:sign_out", "brand:colours",
        "brand:logo",
        "api:openapi-json", "api:openapi-view", "api:api-root", "account_login", "account_logout", "account_inactive",
        "account_signup", "account_reset_password", "account_reset_password_done", "account_reset_password_from_key",
        "account_reset_password_from_key_done", "mfa_login_webauthn", "mfa_authenticate",
    }),
    Door.STAFF: frozenset({
        "account_reauthenticate", "account_change_password", "account_set_password", "mfa_reauthenticate", "mfa_activate_totp",
        "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_add_webauthn",
        "mfa_reauthenticate_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn",
    }),
    Door.LINK: frozenset({
        "portal:track", "portal:alternatives", "portal:unsubscribe", "portal:preferences", "portal:preferences_browser",
        "portal:questions", "portal:feedback_page", "portal:browser", "portal:confirmation_paper", "portal:delivery_note_paper",
        "portal:calendar", "portal:map", "portal:code", "portal:correction", "portal:feedback", "portal:accept", "portal:complain",
        "portal:messages",
    }),
    Door.CUSTOMER: frozenset({
        "shop:orders", "shop:preferences", "shop:preferences_browser", "shop:new", "shop:reckoning", "shop:items", "shop:order",
    }),
    Door.SIGNATURE: frozenset({
        "mail_from_providers", "receipts", "api:webhook-easypost", "api:webhook-shopify", "api:webhook-woocommerce", "api:webhook",
    }),
}  # fmt: skip

PERSONAL = frozenset({"desk:see", "desk:see_all", "desk:list_views", "desk:list_view"})
"""What only keeps in mind what one has seen oneself, and how one likes to look at lists: a reading permission is enough."""
OWN_KEY = {"api:status": "orders:read"}
"""Operations that look at the key themselves, in the one statement that answers them."""


@dataclass(frozen=True, slots=True)
class Route:
    """One address: its name, how it is spelt, what opens it and what is asked of whoever acts there."""

    name: str
    spelt: str
    pattern: URLPattern
    reads: str
    acts: str
    door: Door | None

    @property
    def is_known(self) -> bool:
        """Whether it is said who may come in."""
        return bool(self.reads or self.door)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the API."""

    name: str
    method: str
    spelt: str
    scope: str
    changes: bool


def routes() -> list[Route]:
    """All addresses but the API's operations, from the resolver itself."""
    return [route for route in _walked(get_resolver().url_patterns) if not _is_operation(route)]


def _is_operation(route: Route) -> bool:
    return route.spelt.startswith("api/v1/") and route.door is not Door.SIGNATURE


def _walked(patterns: Iterable[Any], spelt: str = "", spaces: tuple[str, ...] = ()) -> Iterator[Route]:
    for one in patterns:
        if isinstance(one, URLResolver):
            inner = (*spaces, one.namespace) if one.namespace else spaces
            yield from _walked(one.url_patterns, spelt + str(one.pattern), inner)
        else:
            name = ":".join([*spaces, one.name or "?"])
            reads, acts = getattr(one.callback, "permission", ""), getattr(one.callback, "acts", "")
            door = next((door for door, names in OTHERS.items() if name in names), None)
            yield Route(name, spelt + str(one.pattern), one, reads, acts, door)


def operations() -> list[Operation]:
    """All operations of the API that ask for a key."""
    from milepost.faces.api.api import api

    found = []
    for _prefix, router in api._routers:  # ninja tells its operations in no other way
        for path, view in router.path_operations.items():
            for one in view.operations:
                name = f"api:{view.url_name or one.view_func.__name__}"
                key = next((key for key in one.auth_callbacks if hasattr(key, "scope")), None)
                scope = getattr(key, "scope", "") or OWN_KEY.get(name, "")
                if name not in OTHERS[Door.SIGNATURE]:
                    changes = bool(getattr(key, "changes", False))
                    found += [Operation(name, method, f"/api/v1{path}", scope, changes) for method in one.methods]
    return found
