"""Which plug stands behind which port, and what follows from each fact."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from milepost.config.inbox import keep
from milepost.ground.arrivals import ports as arrivals
from milepost.ground.journal.commands import react_with
from milepost.ground.journal.sets import use_arrays
from milepost.ground.notices import commands as notices
from milepost.ground.notices import queries as sent
from milepost.ground.notices.ports import Sender
from milepost.ground.webhooks.ports import Caller
from milepost.plugs.carriers.easypost import EasyPost
from milepost.plugs.documents.typst import TypstDocuments
from milepost.plugs.inboxes.edifact import EdifactAnswers, EdifactOrders
from milepost.plugs.inboxes.mail import MailReader
from milepost.plugs.inboxes.tables import CsvOrders, WorkbookOrders
from milepost.plugs.inboxes.ubl import UblAnswers, UblOrders
from milepost.plugs.inboxes.x12 import X12Answers, X12Orders
from milepost.plugs.links.http import HttpLinks
from milepost.plugs.senders.mailbox import MailboxSender
from milepost.plugs.senders.smtp import SmtpSender
from milepost.plugs.shops.shopify import Shopify
from milepost.plugs.shops.woocommerce import WooCommerce
from milepost.reactions.table import reactions
from milepost.way.fulfilment import ports as fulfilment
from milepost.way.intake import ports as intake
from milepost.way.intake.commands import take_documents, take_mail
from milepost.way.orders import queries as orders
from milepost.way.orders.commands import lock as lock_orders
from milepost.way.shops import commands as shop_orders
from milepost.way.shops import ports as shops
from milepost.way.tracking import ports as tracking
from milepost.way.tracking.commands import read_raw
from milepost.way.tracking.links import ports as links


def wire() -> None:
    """Join the rooms; called once at start."""
    use_arrays()
    react_with(reactions())
    fulfilment.use(TypstDocuments())
    intake.ask_open_totals_of(orders.open_totals)
    intake.lock_orders_by(lock_orders)
    _listen_to_carriers()
    links.use(HttpLinks() if settings.CHECK_LINKS else None)
    _open_to_shops()
    _read_documents()
    _read_mail()


def _read_mail() -> None:
    """What people write is kept as it came, and read from the store."""
    intake.read_mail_with(MailReader())
    intake.ask_addresses_of(orders.addresses_by_customer)
    arrivals.handle("email", take_mail)


def _read_documents() -> None:
    """Files and machines' documents: who reads each form, who answers in it, and what works on those that are kept."""
    for reader in (X12Orders, EdifactOrders, UblOrders, WorkbookOrders, CsvOrders):
        intake.use(reader(currency=settings.CURRENCY))
    for answerer in (X12Answers, EdifactAnswers, UblAnswers):
        intake.answer_with(answerer())
    arrivals.handle("document", take_documents)


def _listen_to_carriers() -> None:
    """What carriers' systems report is read from the store; what cannot be read is for IT to repair."""
    for source in (EasyPost(secret=settings.EASYPOST_WEBHOOK_SECRET),):
        tracking.use(source)
        arrivals.handle(source.name, read_raw, repair=arrivals.REPAIR_BY_IT)


def _open_to_shops() -> None:
    """Each shop system sends to its own address; what it sent is followed from the store."""
    for shop in (
        Shopify(secret=settings.SHOPIFY_WEBHOOK_SECRET, former_secret=settings.SHOPIFY_FORMER_WEBHOOK_SECRET),
        WooCommerce(
            secret=settings.WOOCOMMERCE_WEBHOOK_SECRET, former_secret=settings.WOOCOMMERCE_FORMER_WEBHOOK_SECRET
        ),
    ):
        shops.use(shop)
        arrivals.handle(shop.name, shop_orders.follow)


@csrf_exempt
def mail_from_providers(request: HttpRequest, provider: str) -> HttpResponse:
    """The view of `webhooks/mail/<provider>/`; what reads mail of providers takes 12 MiB, so it is loaded when mail comes."""
    return _providers()(request, provider=provider)


@cache
def _providers() -> Callable[..., HttpResponse]:
    from milepost.plugs.inboxes.anymail import Providers

    return Providers(keep=keep, secrets=settings.MAIL_PROVIDERS).view()


@cache
def caller() -> Caller:
    """Who calls peers' endpoints; httpx is loaded when the first is called."""
    from milepost.plugs.webhooks.http import HttpCaller

    return HttpCaller(allowed=settings.TRUSTED_HOSTS)


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
