"""Which carriers are asked: those whose credentials the settings hold, and those that are played. None by default."""

import json
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings

from milepost.plugs.carriers.dhl import DhlExpressPoller, DhlPoller
from milepost.plugs.carriers.fedex import FedexPoller
from milepost.plugs.carriers.simulated import SimulatedCarrier
from milepost.plugs.carriers.ups import UpsPoller
from milepost.plugs.carriers.usps import UspsPoller
from milepost.way.tracking.ports import TrackingPoller


def pollers() -> Iterator[TrackingPoller]:
    """All that are asked."""
    if all(settings.UPS_CLIENT):
        yield UpsPoller(*settings.UPS_CLIENT, url=settings.UPS_URL)
    if all(settings.FEDEX_CLIENT):
        yield FedexPoller(*settings.FEDEX_CLIENT, url=settings.FEDEX_URL)
    if all(settings.USPS_CLIENT):
        yield UspsPoller(*settings.USPS_CLIENT, url=settings.USPS_URL)
    if settings.DHL_API_KEY:
        yield DhlPoller(settings.DHL_API_KEY, url=settings.DHL_URL)
    if all(settings.DHL_EXPRESS_LOGIN):
        yield DhlExpressPoller(*settings.DHL_EXPRESS_LOGIN, url=settings.DHL_EXPRESS_URL)
    if settings.KARRIO:
        yield from _by_karrio(json.loads(settings.KARRIO))
    if settings.SIMULATED_CARRIERS:
        yield SimulatedCarrier(
            carriers=tuple(settings.SIMULATED_CARRIERS), pace=timedelta(minutes=settings.SIMULATED_DAY_MINUTES)
        )


def _by_karrio(accounts: dict[str, dict[str, str]]) -> Iterator[TrackingPoller]:
    from milepost.plugs.carriers.karrio import KarrioPoller

    for carrier, account in accounts.items():
        yield KarrioPoller(carrier, account)
