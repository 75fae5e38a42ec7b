"""Who may sign in: staff whom an administrator has entered; nobody signs themselves up."""

from typing import Any
from urllib.parse import unquote, urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.mail import get_connection
from django.http import HttpRequest

from milepost.kernel.refusals import Refusal, Refused

NO_MAIL_SERVER = Refusal(
    code="no_mail_server",
    says="No mail server is set here, so no message can be sent to you.",
    do="Ask an administrator to set your password.",
    status=503,
)


class StaffOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """Closes sign-up, and sends mails to staff by the mail server alone: their links must not lie in the mailbox page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send by the server of MILEPOST_SMTP_URL. Refuses `no_mail_server` (503) where there is none."""
        if not settings.SMTP_URL:
            raise Refused(NO_MAIL_SERVER)
        server = urlsplit(settings.SMTP_URL)
        message = self.render_mail(template_prefix, email, context)
        message.from_email = settings.MAIL_FROM
        message.connection = get_connection(
            "django.core.mail.backends.smtp.EmailBackend", host=server.hostname, port=server.port or 25,
            username=unquote(server.username or ""), password=unquote(server.password or ""),
            use_ssl=server.scheme == "smtps", use_tls=server.scheme == "smtp" and bool(server.username), timeout=20,
        )  # fmt: skip
        message.send()
