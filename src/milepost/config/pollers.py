"""Which carriers are asked: those whose credentials the settings hold, and those that are played. None by default."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings

from milepost.kernel.lately import found
from milepost.way.tracking.ports import TrackingPoller


def pollers() -> Iterator[TrackingPoller]:
    """All that are asked."""
    if all(settings.UPS_CLIENT):
        yield _poller("ups:UpsPoller")(*settings.UPS_CLIENT, url=settings.UPS_URL)
    if all(settings.FEDEX_CLIENT):
        yield _poller("fedex:FedexPoller")(*settings.FEDEX_CLIENT, url=settings.FEDEX_URL)
    if all(settings.USPS_CLIENT):
        yield _poller("usps:UspsPoller")(*settings.USPS_CLIENT, url=settings.USPS_URL)
    if settings.DHL_API_KEY:
        yield _poller("dhl:DhlPoller")(settings.DHL_API_KEY, url=settings.DHL_URL)
    if all(settings.DHL_EXPRESS_LOGIN):
        yield _poller("dhl:DhlExpressPoller")(*settings.DHL_EXPRESS_LOGIN, url=settings.DHL_EXPRESS_URL)
    if settings.KARRIO:
        yield from _by_karrio(settings.KARRIO)
    if settings.SIMULATED_CARRIERS:
        yield _poller("simulated:SimulatedCarrier")(
            carriers=tuple(settings.SIMULATED_CARRIERS), pace=timedelta(minutes=settings.SIMULATED_DAY_MINUTES)
        )


def _poller(path: str) -> Any:
    """Whoever asks nobody loads nothing."""
    return found(f"milepost.plugs.carriers.{path}")


def _by_karrio(accounts: dict[str, dict[str, str]]) -> Iterator[TrackingPoller]:
    from milepost.plugs.carriers.karrio import KarrioPoller

    for carrier, account in accounts.items():
        yield KarrioPoller(carrier, account)
