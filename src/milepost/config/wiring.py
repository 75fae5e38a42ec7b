"""Which plug stands behind which port, and what follows from each fact."""

from datetime import UTC, datetime
from functools import cache

from django.conf import settings

from milepost.ground.journal.commands import react_with
from milepost.ground.journal.sets import use_arrays
from milepost.ground.notices import commands as notices
from milepost.ground.notices import queries as sent
from milepost.ground.notices.ports import Sender
from milepost.plugs.carriers.easypost import EasyPost
from milepost.plugs.documents.typst import TypstDocuments
from milepost.plugs.inboxes.csv_orders import CsvOrders
from milepost.plugs.senders.mailbox import MailboxSender
from milepost.plugs.senders.smtp import SmtpSender
from milepost.reactions.table import reactions
from milepost.way.fulfilment import ports as fulfilment
from milepost.way.intake import ports as intake
from milepost.way.tracking import ports as tracking


def wire() -> None:
    """Join the rooms; called once at start."""
    use_arrays()
    react_with(reactions())
    fulfilment.use(TypstDocuments())
    intake.use(CsvOrders(currency=settings.CURRENCY))
    tracking.use(EasyPost(secret=settings.EASYPOST_WEBHOOK_SECRET))


@cache
def sender() -> Sender:
    """Who sends e-mail: the SMTP server of the settings or, without one, the built-in mailbox."""
    if settings.SMTP_URL:
        return SmtpSender(
            url=settings.SMTP_URL, sent_from=settings.MAIL_FROM, brand=settings.BRAND, reply_to=settings.SUPPORT_EMAIL,
            clock=_now,
        )  # fmt: skip
    return MailboxSender(
        keep=notices.keep_in_mailbox, which=sent.kept_in_mailbox, clock=_now, sent_from=settings.MAIL_FROM
    )


def _now() -> datetime:
    return datetime.now(UTC)
