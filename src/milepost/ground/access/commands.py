"""Verbs of access: staff join and leave, keys are granted and revoked, answered calls are remembered."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from milepost.ground import journal
from milepost.ground.access.facts import (
    KeyGranted,
    KeyRevoked,
    PasswordSet,
    RolesChanged,
    StaffJoined,
    StaffLeft,
    StaffRenamed,
    StaffReturned,
)
from milepost.ground.access.models import ApiKey, Staff
from milepost.ground.access.rules import digest, spell_key
from milepost.ground.access.words import ROLES, SCOPES, GrantedKey, StoredAnswer
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal, Refused, refuse_any

UNKNOWN_ROLE = Refusal(code="unknown_role", says="There is no role {name}.", do="Known roles: {known}.", field="roles")
UNKNOWN_SCOPE = Refusal(
    code="unknown_scope", says="There is no scope {name}.", do="Known scopes: {known}.", field="scopes"
)
NO_STAFF = Refusal(code="no_staff", says="There is no such member of staff.", do="Look at the list.", status=404)
NO_KEY = Refusal(code="no_key", says="There is no such key.", do="Look at the list.", status=404)
EMAIL_TAKEN = Refusal(
    code="email_taken", says="Somebody with this e-mail address is on the staff already.", do="Change their roles instead.",
    status=409, field="email",
)  # fmt: skip
WEAK_PASSWORD = Refusal(code="weak_password", says="{why}", do="Choose another one.", field="password")
LAST_ADMINISTRATOR = Refusal(
    code="last_administrator", says="Nobody else could manage access any more.", do="Make somebody else administrator first.",
    status=409,
)  # fmt: skip


class Overtaken(Exception):
    """The same call was answered by another process meanwhile: roll back, and answer what `queries.replayed` returns."""


def join(*, email: str, name: str, roles: Sequence[str], act: Act, password: str | None = None) -> int:
    """Put somebody on the staff; without a password they cannot sign in until one is set. Returns their id.

    Refuses `unknown_role` and `email_taken`.
    """
    refuse_any(_unknown_roles(roles))
    staff = Staff(
        email=email.strip().lower(), name=name, roles=list(roles), password=make_password(password), created_at=act.at
    )
    with transaction.atomic():
        try:
            with transaction.atomic():
                staff.save(force_insert=True)
        except IntegrityError as taken:
            raise Refused(EMAIL_TAKEN) from taken
        journal.record([StaffJoined(staff_id=staff.pk, roles=tuple(roles))], act=act)
    return staff.pk


def set_roles(staff_id: int, roles: Sequence[str], *, act: Act) -> None:
    """Give somebody these roles and no others. Refuses `unknown_role`, `no_staff`, `last_administrator`."""
    refuse_any(_unknown_roles(roles))
    with transaction.atomic():
        staff = _locked(staff_id)
        was, staff.roles = tuple(staff.roles), list(roles)
        staff.save(update_fields=["roles"])
        _keep_an_administrator(was)
        journal.record([RolesChanged(staff_id=staff_id, roles=tuple(roles), was=was)], act=act)


def rename(staff_id: int, name: str, *, act: Act) -> None:
    """Somebody is called otherwise from now on. Records StaffRenamed, which names nobody. Refuses `no_staff`."""
    with transaction.atomic():
        if not Staff.objects.filter(pk=staff_id).update(name=name):
            raise Refused(NO_STAFF)
        journal.record([StaffRenamed(staff_id=staff_id)], act=act)


def set_password(staff_id: int, password: str, *, act: Act) -> None:
    """Give somebody another password, and sign them out everywhere. Records PasswordSet. Refuses `no_staff` and `weak_password`."""
    with transaction.atomic():
        staff = _locked(staff_id)
        try:
            validate_password(password, staff)
        except ValidationError as weak:
            raise Refused(replace(WEAK_PASSWORD, values={"why": " ".join(weak.messages)})) from weak
        staff.password = make_password(password)
        staff.sessions_ended += 1
        staff.save(update_fields=["password", "sessions_ended"])
        journal.record([PasswordSet(staff_id=staff_id)], act=act)


def leave(staff_id: int, *, act: Act) -> None:
    """Somebody may no longer sign in; what they did stays theirs. Refuses `no_staff`, `last_administrator`."""
    with transaction.atomic():
        staff = _locked(staff_id)
        staff.is_active = False
        staff.save(update_fields=["is_active"])
        _keep_an_administrator(staff.roles)
        journal.record([StaffLeft(staff_id=staff_id)], act=act)


def come_back(staff_id: int, *, act: Act) -> None:
    """Somebody who had left may sign in again. Refuses `no_staff`."""
    with transaction.atomic():
        staff = _locked(staff_id)
        staff.is_active = True
        staff.save(update_fields=["is_active"])
        journal.record([StaffReturned(staff_id=staff_id)], act=act)


def _locked(staff_id: int) -> Staff:
    """Lock all administrators beside the one, in one order, so that two cannot dismiss each other at once."""
    wanted = Staff.objects.select_for_update().order_by("pk")
    rows = {row.pk: row for row in wanted.filter(pk=staff_id) | wanted.filter(roles__contains=["administrator"])}
    if staff_id not in rows:
        raise Refused(NO_STAFF)
    return rows[staff_id]


def _keep_an_administrator(lost: Sequence[str]) -> None:
    if "administrator" in lost and not Staff.objects.filter(is_active=True, roles__contains=["administrator"]).exists():
        raise Refused(LAST_ADMINISTRATOR)


def grant_key(name: str, scopes: Sequence[str], *, act: Act) -> GrantedKey:
    """Make an API key; its plain text is in the answer and nowhere else. Refuses `unknown_scope`."""
    refuse_any(_unknown(UNKNOWN_SCOPE, scope, SCOPES) for scope in scopes if scope not in SCOPES)
    prefix = secrets.token_hex(5)
    plain = spell_key(prefix, secrets.token_urlsafe(32))
    with transaction.atomic():
        key = ApiKey.objects.create(
            name=name, prefix=prefix, digest=digest(plain), scopes=sorted(set(scopes)), created_at=act.at
        )
        journal.record([KeyGranted(key_id=key.pk, name=name, scopes=tuple(key.scopes))], act=act)
    return GrantedKey(key.pk, plain)


def revoke_key(key_id: int, *, act: Act) -> None:
    """Make a key worthless at once. Revoking it again changes nothing. Refuses `no_key`."""
    with transaction.atomic():
        key = ApiKey.objects.select_for_update().filter(pk=key_id).first()
        if key is None:
            raise Refused(NO_KEY)
        if key.revoked_at is None:
            key.revoked_at = act.at
            key.save(update_fields=["revoked_at"])
            journal.record([KeyRevoked(key_id=key_id)], act=act)


def remember(key_id: int, key: str, fingerprint: bytes, answer: StoredAnswer, *, now: datetime) -> None:
    """Store a call's answer in the transaction of its effect.

    Raises Overtaken when another process has answered the same call meanwhile; then the effect must be rolled back, which
    leaving the transaction by this very exception does.
    """
    row = [key_id, key, fingerprint, answer.status, answer.content_type, answer.response, now]
    if not journal.written(_REMEMBER, row):
        raise Overtaken


_REMEMBER = """
INSERT INTO access_idempotent_call (key_id, key, fingerprint, status, content_type, response, created_at)
VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""


def forget_calls(before: datetime) -> int:
    """Delete remembered calls from before an instant; nobody repeats a call after weeks. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM access_idempotent_call WHERE created_at < %s", [before])
        return int(cursor.rowcount)


def _unknown_roles(roles: Sequence[str]) -> list[Refusal]:
    return [_unknown(UNKNOWN_ROLE, role, ROLES) for role in roles if role not in ROLES]


def _unknown(refusal: Refusal, name: str, known: Iterable[str]) -> Refusal:
    return replace(refusal, values={"name": name, "known": ", ".join(known)})
