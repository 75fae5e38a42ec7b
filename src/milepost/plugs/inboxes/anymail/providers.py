"""The providers' inbound webhooks. A provider without its secret in the settings is not there: everything fails closed."""

import json
import logging
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from anymail.exceptions import (
    AnymailConfigurationError,
    AnymailError,
    AnymailInsecureWebhookWarning,
    AnymailWebhookValidationFailure,
)
from anymail.inbound import AnymailInboundMessage
from anymail.webhooks.base import AnymailCoreWebhookView
from anymail.webhooks.mailgun import MailgunInboundWebhookView
from anymail.webhooks.postmark import PostmarkInboundWebhookView
from anymail.webhooks.sendgrid import SendGridInboundWebhookView
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from milepost.plugs.inboxes.mail.envelope import Keep, envelope

log = logging.getLogger(__name__)
VIEWS: Mapping[str, tuple[type[AnymailCoreWebhookView], str]] = {
    "mailgun": (MailgunInboundWebhookView, "webhook_signing_key"),
    "postmark": (PostmarkInboundWebhookView, "webhook_secret"),
    "sendgrid": (SendGridInboundWebhookView, "webhook_secret"),
}
"""Each provider's view, and what its secret is called there: a signing key, or "user:password" for basic auth."""


class Providers:
    """Takes what the configured providers send, and hands each message to `keep` before it is answered."""

    def __init__(self, *, keep: Keep, secrets: Mapping[str, str]) -> None:
        self._keep = keep
        self._secrets = {name: secret for name, secret in secrets.items() if secret and name in VIEWS}

    def view(self) -> Callable[..., HttpResponse]:
        """The view of `webhooks/mail/<provider>/`."""
        return csrf_exempt(require_http_methods(["POST", "HEAD"])(self._receive))

    def _receive(self, request: HttpRequest, provider: str) -> HttpResponse:
        if provider not in self._secrets:
            return HttpResponse(status=404)
        if request.method == "HEAD":
            return HttpResponse()
        view = self._made(provider)
        try:
            view.run_validators(request)
        except (AnymailWebhookValidationFailure, AnymailConfigurationError):
            return HttpResponse(status=403)
        try:
            events = view.parse_events(request)
        except (AnymailError, KeyError, ValueError, TypeError, AttributeError, json.JSONDecodeError):
            log.warning("what %s sent is no message", provider, exc_info=True)
            return HttpResponse(status=422)
        for event in events:
            if isinstance(message := getattr(event, "message", None), AnymailInboundMessage):
                self._keep(envelope(_raw(message), way=provider))
        return HttpResponse(status=200)

    def _made(self, provider: str) -> Any:
        kind, secret = VIEWS[provider]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", AnymailInsecureWebhookWarning)
            warnings.filterwarnings("ignore", message="django-anymail has dropped official support")
            return kind(**{secret: self._secrets[provider]})


def _raw(message: AnymailInboundMessage) -> bytes:
    """The message with its return path, which providers tell apart from it."""
    sender = getattr(message, "envelope_sender", None)
    path = (
        f"Return-Path: <{sender}>\r\n".encode("utf-8", "replace")
        if isinstance(sender, str) and "Return-Path" not in message
        else b""
    )
    return path + bytes(message.as_bytes())
