"""Sign-in by password is closed for a while after too many wrong tries: for each address alike, whether anybody of ours has it.

What was typed is kept as a keyed digest only, for people type passwords into the wrong field. Passkeys stay open: they cannot be
guessed, so nobody can lock out a colleague who has one.
"""

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import connection

from milepost.ground import journal
from milepost.ground.access.facts import SignInLocked, SignInOpened
from milepost.ground.access.models import SignInTries, Staff
from milepost.ground.access.words import LOCK_MINUTES, WRONG_TRIES
from milepost.kernel.acts import Act


def is_locked(email: str, *, now: datetime) -> bool:
    """Whether sign-in with this address is closed at the moment. One statement for any address."""
    return SignInTries.objects.filter(digest=_digest(email), locked_until__gt=now).exists()


def note_wrong(email: str, *, act: Act) -> bool:
    """Count a wrong try; the fifth within a quarter of an hour closes sign-in for a quarter. Returns whether it is closed now.

    Records SignInLocked, of staff 0 where the address is nobody's: the statements are the same for any address."""
    since, until = act.at - timedelta(minutes=LOCK_MINUTES), act.at + timedelta(minutes=LOCK_MINUTES)
    with journal.together():
        with connection.cursor() as cursor:
            cursor.execute(_WRONG, [_digest(email), act.at, since, act.at, WRONG_TRIES, until])
            wrong, locked_until = cursor.fetchone()
        if wrong == WRONG_TRIES:
            staff_id = Staff.objects.filter(email=email.strip().lower()).values_list("pk", flat=True).first()
            journal.record([SignInLocked(staff_id=staff_id or 0)], act=act)
    return locked_until is not None


_WRONG = """
INSERT INTO access_sign_in_tries AS t (digest, wrong, began_at) VALUES (%s, 1, %s)
ON CONFLICT (digest) DO UPDATE SET (wrong, began_at, locked_until) = (
    SELECT n.wrong, CASE WHEN n.wrong = 1 THEN excluded.began_at ELSE t.began_at END, CASE WHEN n.wrong >= n.most THEN n.until END
    FROM (SELECT CASE WHEN t.began_at < %s OR t.locked_until <= %s THEN 1 ELSE t.wrong + 1 END AS wrong, %s AS most,
        %s::timestamptz AS until) AS n
) RETURNING wrong, locked_until
"""


def note_right(email: str) -> None:
    """The right password was given: earlier slips are forgotten."""
    SignInTries.objects.filter(digest=_digest(email)).delete()


def open_again(staff_id: int, *, act: Act) -> None:
    """Let somebody sign in again before the time is over. Records SignInOpened where it was closed."""
    email = Staff.objects.filter(pk=staff_id).values_list("email", flat=True).first()
    with journal.together():
        if email and SignInTries.objects.filter(digest=_digest(email)).delete()[0]:
            journal.record([SignInOpened(staff_id=staff_id)], act=act)


def locked_among(emails: Mapping[int, str], *, now: datetime) -> dict[int, datetime]:
    """Of these members of staff those whose sign-in is closed, and until when. One statement."""
    digests = {_digest(email): staff_id for staff_id, email in emails.items()}
    rows = SignInTries.objects.filter(digest__in=list(digests), locked_until__gt=now)
    return {
        digests[bytes(digest)]: until
        for digest, until in rows.values_list("digest", "locked_until")
        if until is not None
    }


def forget(before: datetime) -> None:
    """Delete tries from before an instant, and what was over by then: sessions, and what the shared cache kept in mind."""
    SignInTries.objects.filter(began_at__lt=before).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM access_cache WHERE expires < %s", [before])
        cursor.execute("DELETE FROM django_session WHERE expire_date < %s", [before])


def _digest(email: str) -> bytes:
    secret = sha256(b"milepost sign-in tries " + settings.SECRET_KEY.encode()).digest()
    return hmac.digest(secret, email.strip().lower().encode(), sha256)
