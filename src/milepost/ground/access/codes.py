"""Customers sign in with their e-mail address and a code that is sent there; sessions of their own, apart from the staff's.

Whether a customer has the address makes no difference here: the same is written, answered and counted for every address, so neither
the answer nor its time tells who orders. The code goes out by what follows from `CodeAsked`. In the same way somebody asks for the
link of an order (`LinkAsked`). Who has a link and wants to see all behind it gets a code at the customer's own contact
(`OpeningAsked`).
"""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import connection

from milepost.ground import journal
from milepost.ground.access.facts import CodeAsked, CustomerSignedIn, LinkAsked, LinkOpened, OpeningAsked
from milepost.ground.access.models import CustomerSession, SignIn
from milepost.ground.access.rules import code_of, digest, spelt_code
from milepost.ground.access.words import (
    CODE_MINUTES,
    CODES_A_DAY,
    CODES_AN_HOUR,
    CODES_AN_HOUR_FROM_ONE_PLACE,
    MOST_TRIES,
    SESSION_DAYS,
    AskedCode,
    Wish,
)
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal, Refused

TOO_MANY_CODES = Refusal(
    code="too_many_codes", says="Too many codes were asked for.", do="Use the last one that came, or try again in an hour.",
    status=429,
)  # fmt: skip
CODE_WRONG = Refusal(
    code="code_wrong", says="That is not the code.", do="Check the digits in our latest message.", field="code"
)
CODE_OVER = Refusal(
    code="code_over", says="This code can no longer be used.", do="Ask for a new one.", status=410, field="code"
)


def ask(email: str, *, place: str, act: Act) -> int:
    """Have a code sent to this address, if a customer has it; returns the number of the sign-in. Records CodeAsked.

    `place` is where the wish comes from, an IP address. Refuses `too_many_codes` (429). Three statements for any address.
    """
    address = email.strip().lower()
    with journal.together():
        _refuse_too_many(_OF_EMAIL, [Wish.SIGN_IN, address], place, act)
        number = _asked(act, place, email=address)
        journal.record([CodeAsked(sign_in_id=number)], act=act)
    return number


def ask_for_link(email: str, reference: str, *, place: str, act: Act) -> None:
    """Have the link of an order sent to this address, if the order is that of this address. Records LinkAsked.

    Refuses `too_many_codes` (429). Three statements whatever is typed.
    """
    address = email.strip().lower()
    with journal.together():
        _refuse_too_many(_OF_EMAIL, [Wish.LINK, address], place, act)
        number = _asked(act, place, email=address, wish=Wish.LINK, reference=reference.strip()[:40])
        journal.record([LinkAsked(sign_in_id=number)], act=act)


def ask_to_open(order_id: int, channel: str, *, place: str, act: Act) -> int:
    """Have a code sent to the order's own contact on a channel ("email", "sms"), for who has its link and wants to see all; returns
    the number of the wish. Records OpeningAsked. Refuses `too_many_codes` (429)."""
    with journal.together():
        _refuse_too_many(_OF_ORDER, [order_id], place, act)
        number = _asked(act, place, email="", wish=Wish.OPEN, order_id=order_id, channel=channel)
        journal.record([OpeningAsked(order_id=order_id, sign_in_id=number, channel=channel)], act=act)
    return number


def _refuse_too_many(of: str, whose: list[str | int], place: str, act: Act) -> None:
    with connection.cursor() as cursor:
        hour, day = act.at - timedelta(hours=1), act.at - timedelta(days=1)
        cursor.execute(_HOW_MANY.format(of=of), [hour, *whose, day, _place(place), hour])
        in_hour, in_day, from_place = cursor.fetchone()
    if in_hour >= CODES_AN_HOUR or in_day >= CODES_A_DAY or from_place >= CODES_AN_HOUR_FROM_ONE_PLACE:
        raise Refused(TOO_MANY_CODES)


def _asked(act: Act, place: str, **wish: Any) -> int:
    expires_at = act.at + timedelta(minutes=CODE_MINUTES)
    return SignIn.objects.create(place=_place(place), asked_at=act.at, expires_at=expires_at, **wish).pk


_OF_EMAIL, _OF_ORDER = "wish = %s AND email = %s", "order_id = %s"
_HOW_MANY = """
SELECT of_whom.in_hour, of_whom.in_day, of_place.in_hour FROM
    (SELECT count(*) FILTER (WHERE asked_at > %s) AS in_hour, count(*) AS in_day FROM access_sign_in
        WHERE {of} AND asked_at > %s) AS of_whom,
    (SELECT count(*) AS in_hour FROM access_sign_in WHERE place = %s AND asked_at > %s) AS of_place
"""


def sign_in(sign_in_id: int, typed: str, *, act: Act) -> str:
    """A new session's token, for who types the code that was sent. Records CustomerSignedIn.

    Each call is one of five tries, counted for good before the code is looked at; so it must not be called inside a
    transaction that a refusal takes back. Refuses `code_wrong` and, for what is used, over or tried too often, `code_over`.
    """
    return _begin(sign_in_id, _proved(sign_in_id, typed, Wish.SIGN_IN, None, act), act)


def open_link(number: int, typed: str, *, order_id: int, act: Act) -> None:
    """Whoever types the code that was sent to the order's contact may see all behind its link. Records LinkOpened.

    Refuses as `sign_in` does, and must not be called inside a transaction either.
    """
    _proved(number, typed, Wish.OPEN, order_id, act)
    with journal.together():
        if not SignIn.objects.filter(pk=number, used_at=None).update(used_at=act.at):
            raise Refused(CODE_OVER)
        journal.record([LinkOpened(order_id=order_id, sign_in_id=number)], act=act)


def _proved(number: int, typed: str, wish: Wish, order_id: int | None, act: Act) -> str:
    """The address of the wish whose code this is; counts the try."""
    with connection.cursor() as cursor:
        cursor.execute(_TRY, [number, wish, order_id or 0, MOST_TRIES, act.at])
        row = cursor.fetchone()
    if row is None:
        raise Refused(CODE_OVER)
    if not hmac.compare_digest(spelt_code(typed).encode(), code_of(number, _secret()).encode()):
        raise Refused(
            CODE_WRONG if row[1] < MOST_TRIES else replace(CODE_OVER, says="That was not the code, for the last time.")
        )
    return str(row[0])


_TRY = """
UPDATE access_sign_in SET tries = tries + 1
WHERE id = %s AND wish = %s AND coalesce(order_id, 0) = %s AND used_at IS NULL AND tries < %s AND expires_at > %s
RETURNING email, tries
"""


def _begin(sign_in_id: int, email: str, act: Act) -> str:
    token = secrets.token_urlsafe(32)
    with journal.together():
        if not SignIn.objects.filter(pk=sign_in_id, used_at=None).update(used_at=act.at):
            raise Refused(CODE_OVER)
        CustomerSession.objects.create(
            digest=digest(token), sign_in_id=sign_in_id, email=email, began_at=act.at,
            expires_at=act.at + timedelta(days=SESSION_DAYS),
        )  # fmt: skip
        journal.record([CustomerSignedIn(sign_in_id=sign_in_id)], act=act)
    return token


def signed_in(token: str, *, now: datetime) -> str:
    """The e-mail address that the session's owner has proved to be theirs; empty for no session. One statement."""
    found = CustomerSession.objects.filter(digest=digest(token), expires_at__gt=now).values_list("email", flat=True)
    return found.first() or ""


def sign_out(token: str) -> None:
    """End a session; its token is worth nothing from now on."""
    CustomerSession.objects.filter(digest=digest(token)).delete()


def asked(sign_in_ids: Sequence[int]) -> dict[int, AskedCode]:
    """The codes behind these sign-ins, for whoever writes the message. One statement."""
    rows = SignIn.objects.filter(pk__in=sign_in_ids).values_list(
        "id", "email", "expires_at", "used_at", "order_id", "channel", "reference"
    )
    return {
        number: AskedCode(
            number, email, code_of(number, _secret()), expires_at, used_at is not None, order_id, channel, reference
        )
        for number, email, expires_at, used_at, order_id, channel, reference in rows
    }


def forget(before: datetime) -> None:
    """Delete addresses that were typed before an instant, and sessions that were over by then."""
    CustomerSession.objects.filter(expires_at__lt=before).delete()
    SignIn.objects.filter(asked_at__lt=before).delete()


def _place(place: str) -> bytes:
    return hmac.digest(_secret(), b"place" + place.encode(), sha256)[:16]


def _secret() -> bytes:
    return sha256(b"milepost codes " + settings.SECRET_KEY.encode()).digest()
