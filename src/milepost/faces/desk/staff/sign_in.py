"""Who may sign in: staff whom an administrator has entered; nobody signs themselves up. Wrong tries close sign-in for a while."""

from time import time
from typing import Any
from urllib.parse import unquote, urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import get_connection
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from milepost.ground.access import second_factors, sign_in_locks
from milepost.ground.access.facts import (
    PasswordSet,
    RecoveryCodesMade,
    SecondFactorAdded,
    SecondFactorRemoved,
    StaffFact,
)
from milepost.ground.access.models import Staff
from milepost.ground.access.words import LOCK_MINUTES
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal, Refused

NO_MAIL_SERVER = Refusal(
    code="no_mail_server",
    says="No mail server is set here, so no message can be sent to you.",
    do="Ask an administrator to set your password.",
    status=503,
)
TOO_MANY_TRIES = _(
    "Too many wrong tries: signing in with this address is closed for {minutes} minutes. IT support can open it sooner; with a "
    "passkey you can sign in at once."
)


class StaffOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """Closes sign-up, counts wrong tries, keeps changes of one's own sign-in on record, and sends mails to staff by the mail server
    alone: their links must not lie in the mailbox page."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": _("Too many wrong tries. Wait a quarter of an hour, or ask IT support."),
        "rate_limited": _("Too many wrong tries. Wait a quarter of an hour, or ask IT support."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse while sign-in with this address is closed, in the same words for every address and every password."""
        if sign_in_locks.is_locked(str(credentials.get("email", "")), now=timezone.now()):
            raise self._locked()

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count it; the try that closes sign-in says so."""
        if sign_in_locks.note_wrong(str(credentials.get("email", "")), act=_act("system:sign_in")):
            raise self._locked()

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Who it is, by password."""
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user is not None:
            sign_in_locks.note_right(str(credentials.get("email", "")))
        return user

    def _locked(self) -> Exception:
        from django.core.exceptions import ValidationError

        return ValidationError(str(TOO_MANY_TRIES).format(minutes=LOCK_MINUTES), code="too_many_login_attempts")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not of whoever has signed in within the last minutes: that was the same proof."""
        records = get_authentication_records(self.request, self.request.user)
        if records and time() - records[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to their account."""
        return reverse("desk:me")

    def send_notification_mail(
        self, template_prefix: str, user: Staff, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Called by allauth whenever somebody changed how they sign in: keep it on record, and tell them where mail can be sent."""
        if fact := fact_of(template_prefix, user.pk):
            second_factors.note(fact, act=_act(user.actor))
        if settings.SMTP_URL:
            told = {"ip": self.get_client_ip(self.request), "timestamp": timezone.now()}
            told["user_agent"] = self.get_http_user_agent(self.request)[:200]
            self.send_mail(template_prefix, user.email, told | (context or {}))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send by the server of MILEPOST_SMTP_URL. Refuses `no_mail_server` (503) where there is none."""
        if not settings.SMTP_URL:
            raise Refused(NO_MAIL_SERVER)
        server = urlsplit(settings.SMTP_URL)
        message = self.render_mail(template_prefix, email, {"request": self.request, "email": email} | context)
        message.from_email = settings.MAIL_FROM
        message.connection = get_connection(
            "django.core.mail.backends.smtp.EmailBackend", host=server.hostname, port=server.port or 25,
            username=unquote(server.username or ""), password=unquote(server.password or ""),
            use_ssl=server.scheme == "smtps", use_tls=server.scheme == "smtp" and bool(server.username), timeout=20,
        )  # fmt: skip
        message.send()


def fact_of(template_prefix: str, staff_id: int) -> StaffFact | None:
    """What it means that allauth wants to send this mail; nothing to keep for those that tell of no change."""
    what = template_prefix.rpartition("/")[2]
    match what:
        case "totp_activated" | "webauthn_added":
            return SecondFactorAdded(staff_id=staff_id, factor=_FACTORS[what])
        case "totp_deactivated" | "webauthn_removed":
            return SecondFactorRemoved(staff_id=staff_id, factor=_FACTORS[what])
        case "recovery_codes_generated":
            return RecoveryCodesMade(staff_id=staff_id)
        case "password_changed" | "password_set" | "password_reset":
            return PasswordSet(staff_id=staff_id)
        case _:
            return None


_FACTORS = {
    "totp_activated": "authenticator app", "totp_deactivated": "authenticator app", "webauthn_added": "passkey",
    "webauthn_removed": "passkey",
}  # fmt: skip


def _act(actor: str) -> Act:
    return Act.now(actor, channel="desk", now=timezone.now())
