"""What several lists say of the orders and carriers that their rows belong to."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from milepost.ground.parties import queries as parties
from milepost.ground.parties.words import CarrierCard
from milepost.way.fulfilment.words import OWN_CARRIER
from milepost.way.orders import queries as orders
from milepost.way.orders.queries import Contact


def orders_of(order_ids: Iterable[int | None]) -> dict[int, Contact]:
    """Reference and customer of each order. One statement."""
    return orders.contacts({one for one in order_ids if one is not None})


def carriers() -> Mapping[str, CarrierCard]:
    """All carriers by code. One statement."""
    return parties.carriers()


def carrier_name(code: str, known: Mapping[str, CarrierCard]) -> str:
    """A carrier by its name."""
    if code in known:
        return known[code].name
    return _("Own drivers") if code == OWN_CARRIER else code.upper()
