"""Providers as the environment describes them. Nothing of theirs is loaded to find out that they cannot be meant."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.conf import settings

from milepost.config.environment import Misunderstood

if TYPE_CHECKING:
    from milepost.plugs.senders.generic.shape import Shape


def understood() -> None:
    """Raises Misunderstood where providers are described as cannot be meant; asked at the start, before anything waits for them."""
    described()
    if settings.SMS_HTTP:
        described_sms()


def described_sms() -> "Shape":
    """The provider of SMS that is described. Raises Misunderstood."""
    from milepost.plugs.senders.generic.shape import read_shape

    try:
        return read_shape(settings.SMS_HTTP)
    except ValueError as wrong:
        raise Misunderstood(f"MILEPOST_SMS_HTTP is not enough, or too much: {wrong}.") from None


def described() -> Mapping[str, Mapping[str, str]]:
    """The keys of each provider of mail. Raises Misunderstood for one that nobody knows."""
    if not settings.MAIL_SENDERS:
        return {}
    from milepost.plugs.senders.anymail.providers import PROVIDERS

    unknown = sorted(settings.MAIL_SENDERS.keys() - PROVIDERS.keys())
    if unknown:
        raise Misunderstood(f"MILEPOST_MAIL_SENDERS names {', '.join(unknown)}; known are {', '.join(PROVIDERS)}.")
    found: Mapping[str, Mapping[str, str]] = settings.MAIL_SENDERS
    return found
