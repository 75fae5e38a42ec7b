"""Who calls: an API key with scopes, and for what changes something the key of the call itself."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from django.http import HttpRequest
from ninja.security.base import AuthBase, SecuritySchema

from milepost.faces.api.body import body_of
from milepost.ground.access import queries
from milepost.ground.access.words import KeyCard, StoredAnswer
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal, Refused

CHANNEL = "api"
BACKFILL = "backfill"
_CALL_KEY = re.compile(r"[\x21-\x7e]{1,255}")

NO_KEY = Refusal(
    code="key_missing", says="No valid API key came with this request.", do="Send it as: Authorization: Bearer <key>.", status=401,
    field="Authorization",
)  # fmt: skip
NO_CALL_KEY = Refusal(
    code="idempotency_key_missing", says="A request that changes something says by a key of its own which one it is.",
    do="Send Idempotency-Key with 1 to 255 visible characters, a new one for each new request, the same for a repetition.",
    status=400, field="Idempotency-Key",
)  # fmt: skip
OUT_OF_SCOPE = Refusal(
    code="scope_missing", says="This API key does not have the scope {scope}.", do="Ask for a key that has it.", status=403,
    field="Authorization",
)  # fmt: skip
IN_THE_FUTURE = Refusal(
    code="date_in_the_future", says="{field} has not happened yet.", do="Leave it out, or correct it.", field="occurred_at",
    values={"field": "occurred_at"},
)  # fmt: skip


class AnsweredBefore(Exception):
    """The call was made before; `stored` is what it was answered."""

    def __init__(self, stored: StoredAnswer) -> None:
        self.stored = stored
        super().__init__("answered before")


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose key it is, when the call came in, and for a call that changes something its key and its fingerprint."""

    card: KeyCard
    now: datetime
    request: HttpRequest
    call_key: str = ""
    fingerprint: bytes = b""

    @property
    def body(self) -> bytes:
        """The JSON that came with the call. Refuses `wrong_content_type` (415) and `bad_encoding` (400)."""
        return body_of(self.request)

    def act(self, occurred_at: datetime | None = None, *, field: str = "occurred_at", index: int | None = None) -> Act:
        """An act of this caller, now or as history. Refuses `scope_missing` (403) and `date_in_the_future`."""
        act = Act.now(self.card.actor, channel=CHANNEL, now=self.now)
        if occurred_at is None:
            return act
        if BACKFILL not in self.card.scopes:
            raise Refused(out_of_scope(BACKFILL).at(field=field, index=index))
        if occurred_at > self.now:
            raise Refused(IN_THE_FUTURE.at(field=field, index=index))
        return act.in_the_past(occurred_at)


class ApiKey(AuthBase):
    """`Authorization: Bearer <key>`. The key's scopes say what it may do."""

    openapi_type = "http"

    def __init__(self, scope: str, *, changes: bool = False) -> None:
        self.openapi_security_schema = SecuritySchema(
            "http", scheme="bearer", description="An API key. Each endpoint names the scope that it needs."
        )
        self.scope = scope
        self.changes = changes

    def __call__(self, request: HttpRequest) -> Caller:
        """The caller. Refuses `key_missing` (401), `scope_missing` (403), `idempotency_key_missing` (400), `key_reused`
        (422); raises AnsweredBefore."""
        now = datetime.now(UTC)
        plain = plain_key(request)
        if not self.changes:
            return Caller(self._may(queries.key_behind(plain)), now, request)
        call_key = request.headers.get("Idempotency-Key", "")
        known = _CALL_KEY.fullmatch(call_key) is not None
        print_ = fingerprint(request)
        card, stored = queries.caller(plain, call_key if known else "", print_)
        card = self._may(card)
        if not known:
            raise Refused(NO_CALL_KEY)
        if stored is not None:
            raise AnsweredBefore(stored)
        return Caller(card, now, request, call_key, print_)

    def _may(self, card: KeyCard | None) -> KeyCard:
        if card is None:
            raise Refused(NO_KEY)
        if self.scope not in card.scopes:
            raise Refused(out_of_scope(self.scope))
        return card


def plain_key(request: HttpRequest) -> str:
    """The key that came with a request; empty when there is none."""
    mark, _, plain = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return plain.strip() if mark.lower() == "bearer" and plain.isascii() and plain.isprintable() else ""


def fingerprint(request: HttpRequest) -> bytes:
    """What makes a request the same as another: method, path with query, and the bytes of its body."""
    head = f"{request.method} {request.get_full_path()}\n".encode()
    return sha256(head + request.body).digest()


def missing_key() -> Refusal:
    """The refusal of a request without a valid key."""
    return NO_KEY


def out_of_scope(scope: str) -> Refusal:
    """The refusal of a key that lacks a scope."""
    return Refusal(
        code=OUT_OF_SCOPE.code, says=OUT_OF_SCOPE.says, do=OUT_OF_SCOPE.do, status=OUT_OF_SCOPE.status,
        field=OUT_OF_SCOPE.field, values={"scope": scope},
    )  # fmt: skip
