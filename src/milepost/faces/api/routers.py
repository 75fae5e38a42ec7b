"""The router that reading and placing share: both speak of `/orders`, and an address belongs to one router."""

from ninja import Router

orders = Router(tags=["orders"])
