"""Who carries messages out: for each channel the senders that are set up, and who reports what became of messages.

What speaks with a vendor is loaded where that vendor is set up, and nowhere else: providers' libraries are large.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from django.conf import settings

from milepost.config.descriptions import described, described_sms
from milepost.ground.notices import commands as notices
from milepost.ground.notices import queries as sent
from milepost.ground.notices.ports import ReceiptSource, Sender
from milepost.plugs.senders.mailbox import MailboxSender
from milepost.plugs.senders.smtp import SmtpSender

RECEIPTS = "webhooks/receipts"


def senders(clock: Callable[[], datetime]) -> dict[str, tuple[Sender, ...]]:
    """By channel; the built-in mailbox where nothing is set up."""
    found = {"email": tuple(_of_mail(clock)), "sms": tuple(_of_sms())}
    return {channel: several or (_mailbox(channel, clock),) for channel, several in found.items()}


def _mailbox(channel: str, clock: Callable[[], datetime]) -> Sender:
    return MailboxSender(
        keep=notices.keep_in_mailbox, which=sent.kept_in_mailbox, clock=clock, sent_from=settings.MAIL_FROM,
        channel=channel,
    )  # fmt: skip


def _of_mail(clock: Callable[[], datetime]) -> Iterator[Sender]:
    if settings.SMTP_URL:
        yield SmtpSender(
            url=settings.SMTP_URL, sent_from=settings.MAIL_FROM, brand=settings.BRAND, reply_to=settings.SUPPORT_EMAIL,
            clock=clock, connections=settings.SMTP_CONNECTIONS,
        )  # fmt: skip
    for provider, keys in described().items():
        from milepost.plugs.senders.anymail import AnymailSender

        yield AnymailSender(
            provider=provider, settings=keys, sent_from=settings.MAIL_FROM, brand=settings.BRAND,
            reply_to=settings.SUPPORT_EMAIL, clock=clock,
        )  # fmt: skip
    yield from _simulated("email")


def _of_sms() -> Iterator[Sender]:
    if settings.TWILIO_ACCOUNT:
        from milepost.plugs.senders.twilio import TwilioSender

        yield TwilioSender(
            account=settings.TWILIO_ACCOUNT, token=settings.TWILIO_TOKEN, sent_from=settings.SMS_FROM,
            receipts_url=_receipts_url("twilio"), country=settings.HOME_COUNTRY,
        )  # fmt: skip
    if settings.VONAGE_KEY:
        from milepost.plugs.senders.vonage import VonageSender

        yield VonageSender(
            key=settings.VONAGE_KEY, secret=settings.VONAGE_SECRET, sent_from=settings.SMS_FROM,
            country=settings.HOME_COUNTRY, receipts_url=_receipts_url("vonage"),
        )  # fmt: skip
    if settings.SMS_HTTP:
        from milepost.plugs.senders.generic import GenericSender

        yield GenericSender(shape=described_sms(), sent_from=settings.SMS_FROM, country=settings.HOME_COUNTRY)
    yield from _simulated("sms")


def _simulated(channel: str) -> Iterator[Sender]:
    for name, port in settings.SIMULATED_SENDERS.get(channel, {}).items():
        from milepost.plugs.senders.simulated import SimulatedSender

        yield SimulatedSender(port=int(port), channel=channel, name=name)


def receipt_sources() -> Iterator[ReceiptSource]:
    """Who reports what became of messages; each only where its sender is set up."""
    for provider, keys in described().items():
        from milepost.plugs.senders.anymail import AnymailReceipts

        yield AnymailReceipts(provider=provider, settings=keys)
    if settings.TWILIO_ACCOUNT:
        from milepost.plugs.senders.twilio import TwilioReceipts

        yield TwilioReceipts(token=settings.TWILIO_TOKEN)
    if settings.VONAGE_KEY:
        from milepost.plugs.senders.vonage import VonageReceipts

        yield VonageReceipts(secret=settings.VONAGE_SIGNATURE_SECRET)
    if settings.SMS_HTTP:
        from milepost.plugs.senders.generic import GenericReceipts

        yield GenericReceipts(shape=described_sms())


def _receipts_url(name: str) -> str:
    return f"{settings.SITE_URL}/{RECEIPTS}/{name}/"
