"""Staff who have signed in, and an order to work on."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from milepost.ground.access import commands as access
from milepost.ground.access.models import Staff
from milepost.kernel.acts import Act
from milepost.way.orders import queries as orders
from tests import cast

SignedIn = Callable[..., Client]


@pytest.fixture
def signed_in(db: None) -> SignedIn:
    """A browser in which somebody with these roles has signed in."""

    def sign_in(*roles: str, name: str = "Mona") -> Client:
        email = f"{name.lower()}.{'.'.join(roles) or 'nobody'}@milepost.example"
        staff = Staff.objects.filter(email=email).first()
        if staff is None:
            number = access.join(email=email, name=name, roles=roles, act=now())
            staff = Staff.objects.get(pk=number)
        client = Client()
        client.force_login(staff)
        return client

    return sign_in


@pytest.fixture
def mona(signed_in: SignedIn) -> Client:
    return signed_in("customer_service")


@pytest.fixture
def omar(signed_in: SignedIn) -> Client:
    return signed_in("order_management", name="Omar")


@pytest.fixture
def femi(signed_in: SignedIn) -> Client:
    return signed_in("fulfilment", name="Femi")


def now() -> Act:
    """An act of this instant, as the shop's."""
    return Act.now("key:1", channel="api", now=datetime.now(UTC))


@pytest.fixture
def reference(db: None) -> str:
    """Ada's order, confirmed a moment ago."""
    cast.stocked()
    return reference_of(cast.ordered(act=now())[0])


def reference_of(order_id: int) -> str:
    return orders.contacts([order_id])[order_id].reference
