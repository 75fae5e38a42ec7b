"""What stands between a stolen password and the desk: who has a second factor, since when, and how one that was lost is taken away.

The factors themselves are kept by django-allauth; this page reads them in sets, and keeps on record what becomes of them.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from importlib import import_module

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import connection
from django.db.models import F

from milepost.ground import journal
from milepost.ground.access.facts import SecondFactorReset, SessionsEnded, StaffFact
from milepost.ground.access.models import Staff
from milepost.ground.access.words import Standing
from milepost.kernel.acts import Act

REAL = ("totp", "webauthn")
"""Recovery codes alone are no second factor: they stand in for one that is lost."""


def has_one(staff_id: int) -> bool:
    """Whether somebody has an authenticator app or a passkey. One statement."""
    return bool(Authenticator.objects.filter(user_id=staff_id, type__in=REAL).exists())


def standings(staff_ids: Collection[int]) -> dict[int, Standing]:
    """How each of these signs in: app, passkeys, recovery codes left, last sign-in. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDINGS, [settings.MFA_RECOVERY_CODE_COUNT, list(staff_ids)])
        return {row[0]: Standing(*row) for row in cursor.fetchall()}


_STANDINGS = """
SELECT s.id, coalesce(bool_or(a.type = 'totp'), false), count(*) FILTER (WHERE a.type = 'webauthn')::int,
    coalesce(max(%s - bit_count((a.data ->> 'used_mask')::int::bit(31))) FILTER (WHERE a.type = 'recovery_codes'), 0)::int,
    max(a.last_used_at), s.last_login
FROM access_staff s LEFT JOIN mfa_authenticator a ON a.user_id = s.id
WHERE s.id = ANY(%s::bigint[]) GROUP BY s.id
"""


def passkeys(staff_id: int) -> list[tuple[int, str, datetime, datetime | None]]:
    """Somebody's passkeys, the oldest first: number, name, since when, last used. One statement."""
    rows = Authenticator.objects.filter(user_id=staff_id, type="webauthn").order_by("id")
    return list(rows.values_list("pk", "data__name", "created_at", "last_used_at"))


def reset(staff_id: int, *, act: Act) -> bool:
    """Take all of somebody's second factors away, because they lost them, and sign out whoever holds them.

    Records SecondFactorReset. Returns whether there was any."""
    with journal.together():
        gone = Authenticator.objects.filter(user_id=staff_id).delete()[0]
        if gone:
            _end_sessions([staff_id])
            journal.record([SecondFactorReset(staff_id=staff_id)], act=act)
    return bool(gone)


def end_sessions(staff_id: int, *, act: Act) -> None:
    """Sign somebody out everywhere, at once. Records SessionsEnded. Who does it to themselves signs this browser in anew."""
    with journal.together():
        _end_sessions([staff_id])
        journal.record([SessionsEnded(staff_id=staff_id)], act=act)


def _end_sessions(staff_ids: Iterable[int]) -> None:
    """Their cookies no longer fit, whichever they are; what is known of their browsers is deleted."""
    staff_ids = list(staff_ids)
    Staff.objects.filter(pk__in=staff_ids).update(sessions_ended=F("sessions_ended") + 1)
    known = UserSession.objects.filter(user_id__in=staff_ids)
    sessions = import_module(settings.SESSION_ENGINE).SessionStore.get_model_class()
    sessions.objects.filter(session_key__in=list(known.values_list("session_key", flat=True))).delete()
    known.delete()


def note(fact: StaffFact, *, act: Act) -> None:
    """Keep on record what somebody did to their own sign-in."""
    with journal.together():
        journal.record([fact], act=act)
