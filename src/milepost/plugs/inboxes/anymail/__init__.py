"""Mail by providers' webhooks, read with django-anymail: Mailgun (signed), Postmark and SendGrid (a secret in the address)."""

from milepost.plugs.inboxes.anymail.providers import Providers

__all__ = ["Providers"]
