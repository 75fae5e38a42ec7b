"""Which plug stands behind which port, and what follows from each fact."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from milepost.config import ways_out
from milepost.config.inbox import keep
from milepost.config.pollers import pollers
from milepost.ground.arrivals import ports as arrivals
from milepost.ground.journal.commands import react_with
from milepost.ground.journal.sets import use_arrays
from milepost.ground.notices import commands as notices
from milepost.ground.notices import people
from milepost.ground.notices.ports import Sender, hear
from milepost.ground.webhooks.ports import Caller
from milepost.kernel.lately import found, lately
from milepost.overview.bulk import ports as bulk
from milepost.plugs.carriers.aftership import AfterShip
from milepost.plugs.carriers.asked import asked
from milepost.plugs.carriers.easypost import EasyPost
from milepost.plugs.carriers.seventeentrack import SeventeenTrack
from milepost.plugs.carriers.shipengine import PublishedKeys, ShipEngine
from milepost.plugs.carriers.shippo import Shippo
from milepost.plugs.carriers.shopify import ShopifyFulfillments
from milepost.plugs.carriers.ups import Ups
from milepost.plugs.carriers.usps import Usps
from milepost.plugs.shops.shopify import Shopify
from milepost.plugs.shops.woocommerce import WooCommerce
from milepost.reactions import receipts
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

READERS = {
    "x12": "x12:X12Orders", "edifact": "edifact:EdifactOrders", "ubl": "ubl:UblOrders", "xlsx": "tables:WorkbookOrders",
    "csv": "tables:CsvOrders",
}  # fmt: skip
"""Who reads which form of order documents; the first that knows a body reads it."""
ANSWERERS = {"x12": "x12:X12Answers", "edifact": "edifact:EdifactAnswers", "ubl": "ubl:UblAnswers"}


def _plug(path: str, name: str = "", **words: Any) -> Any:
    """A plug that is loaded when it is first used: what only some processes need, none has to carry."""
    known = {"name": name} if name else {}
    return lately(lambda: found(f"milepost.plugs.{path}")(**words), **known)


def wire() -> None:
    """Join the rooms; called once at start."""
    use_arrays()
    react_with(reactions())
    fulfilment.use(_plug("documents.typst:TypstDocuments"))
    intake.ask_open_totals_of(orders.open_totals)
    intake.lock_orders_by(lock_orders)
    bulk.read_lists_by(_pick)
    _listen_to_carriers()
    _ask_carriers()
    links.use(_plug("links.http:HttpLinks") if settings.CHECK_LINKS else None)
    _open_to_shops()
    _read_documents()
    _read_mail()
    _hear_of_messages()


def _pick(listing: str, search: Mapping[str, str], after: str) -> bulk.Picked:
    """The next rows of a list of the desk, which is loaded when it is asked for."""
    picked: bulk.Picked = found("milepost.faces.desk.lists.tools:pick")(listing, search, after)
    return picked


def _hear_of_messages() -> None:
    """What senders' systems report of messages is kept as it came, and read from the store."""
    for source in ways_out.receipt_sources():
        hear(source)
        arrivals.handle(receipts.PREFIX + source.name, receipts.take, repair=arrivals.REPAIR_BY_IT)


def _read_mail() -> None:
    """What people write is kept as it came, and read from the store."""
    intake.read_mail_with(_plug("inboxes.mail:MailReader"))
    intake.ask_addresses_of(orders.addresses_by_customer)
    arrivals.handle("email", take_mail)


def _read_documents() -> None:
    """Files and machines' documents: who reads each form, who answers in it, and what works on those that are kept."""
    for name, reader in READERS.items():
        intake.use(_plug(f"inboxes.{reader}", name, currency=settings.CURRENCY))
    for name, answerer in ANSWERERS.items():
        intake.answer_with(_plug(f"inboxes.{answerer}", name))
    arrivals.handle("document", take_documents)


def _listen_to_carriers() -> None:
    """What carriers' systems report is read from the store; what cannot be read is for IT to repair."""
    sources: tuple[tracking.TrackingSource, ...] = (
        EasyPost(secret=settings.EASYPOST_WEBHOOK_SECRET),
        AfterShip(secret=settings.AFTERSHIP_WEBHOOK_SECRET),
        Shippo(clock=_now, secret=settings.SHIPPO_WEBHOOK_SECRET, token=settings.SHIPPO_WEBHOOK_TOKEN),
        ShipEngine(keys=PublishedKeys(clock=_now, address=settings.SHIPENGINE_KEYS_URL), clock=_now),
        SeventeenTrack(key=settings.SEVENTEENTRACK_KEY),
        ShopifyFulfillments(
            secret=settings.SHOPIFY_WEBHOOK_SECRET, former_secret=settings.SHOPIFY_FORMER_WEBHOOK_SECRET
        ),
        Ups(credential=settings.UPS_TRACK_ALERT_CREDENTIAL),
        Usps(secret=settings.USPS_WEBHOOK_SECRET, clock=_now),
        *asked(),
    )
    for source in sources:
        tracking.use(source)
        arrivals.handle(source.name, read_raw, repair=arrivals.REPAIR_BY_IT)


def _ask_carriers() -> None:
    """Carriers that do not report by themselves are asked, each only where its credentials are set."""
    for poller in pollers():
        tracking.ask(poller)


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
def senders() -> dict[str, tuple[Sender, ...]]:
    """Who sends e-mail and SMS: for each channel one, or several that share its messages."""
    return ways_out.senders(_now)


@cache
def other_ways() -> tuple[Sender, ...]:
    """Who serves the telephone, browsers, and alerts to staff; what is not set up is told so by the composer."""
    from milepost.plugs.senders.phone import PhoneSender
    from milepost.plugs.senders.staff_alerts import StaffAlertSender
    from milepost.plugs.senders.webpush import WebPushSender

    return (
        PhoneSender(),
        WebPushSender(
            private_key=settings.VAPID_PRIVATE_KEY, contact=f"mailto:{settings.SUPPORT_EMAIL}", browsers=people.browsers,
            forget=notices.forget_browsers, clock=_now,
        ),
        StaffAlertSender(services=settings.STAFF_ALERTS),
    )  # fmt: skip


def _now() -> datetime:
    return datetime.now(UTC)
