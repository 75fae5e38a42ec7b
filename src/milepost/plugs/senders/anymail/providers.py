"""Which of anymail's classes serves each provider, and what they must be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider in anymail's terms. `keys` go to its backend; `secrets` are the settings of its webhook, one of which must be set
    for anything to be believed; `basic`: those are "user:password" in the address of the webhook, not a signature."""

    module: str
    backend: str
    view: str
    keys: tuple[str, ...]
    secrets: tuple[str, ...]
    basic: bool = False


PROVIDERS: Mapping[str, Provider] = {
    "mailgun": Provider(
        "mailgun", "EmailBackend", "MailgunTrackingWebhookView", ("api_key", "sender_domain", "api_url"),
        ("webhook_signing_key",),
    ),
    "postmark": Provider(
        "postmark", "EmailBackend", "PostmarkTrackingWebhookView", ("server_token", "message_stream", "api_url"),
        ("webhook_secret",), basic=True,
    ),
    "sendgrid": Provider(
        "sendgrid", "EmailBackend", "SendGridTrackingWebhookView", ("api_key", "api_url"),
        ("tracking_webhook_verification_key", "webhook_secret"),
    ),
    "brevo": Provider(
        "brevo", "EmailBackend", "BrevoTrackingWebhookView", ("api_key", "api_url"), ("webhook_secret",), basic=True
    ),
    "mailersend": Provider(
        "mailersend", "EmailBackend", "MailerSendTrackingWebhookView", ("api_token", "api_url"), ("signing_secret",)
    ),
    "mailjet": Provider(
        "mailjet", "EmailBackend", "MailjetTrackingWebhookView", ("api_key", "secret_key", "api_url"), ("webhook_secret",),
        basic=True,
    ),
    "sparkpost": Provider(
        "sparkpost", "EmailBackend", "SparkPostTrackingWebhookView", ("api_key", "subaccount", "api_url"),
        ("webhook_secret",), basic=True,
    ),
}  # fmt: skip
"""All whose webhooks can be checked; a provider that needs its own SDK is left out."""


def backend(provider: str, settings: Mapping[str, str], *, timeout: float) -> Any:
    """The provider's backend with its keys."""
    known = PROVIDERS[provider]
    kind = getattr(import_module(f"anymail.backends.{known.module}"), known.backend)
    return kind(timeout=timeout, **{name: settings[name] for name in known.keys if settings.get(name)})


def view(provider: str, settings: Mapping[str, str]) -> Any:
    """The provider's webhook with its secrets."""
    known = PROVIDERS[provider]
    kind = getattr(import_module(f"anymail.webhooks.{known.module}"), known.view)
    return kind(**{name: settings[name] for name in known.secrets if settings.get(name)})


def has_secret(provider: str, settings: Mapping[str, str]) -> bool:
    """Whether anything stands against which a webhook can be checked."""
    return any(settings.get(name) for name in PROVIDERS[provider].secrets)
