"""The router that reading and placing share: both speak of `/orders`, and an address belongs to one router."""

from ninja import P, PathEx, Router

orders = Router(tags=["orders"])
Reference = PathEx[str, P(description="Our reference, or the shop's own number.", example="M7K3-Q9XD-2C")]
"""Stands here so that nobody imports `reading` before `placing`: the first address that fits is taken, and `orders/batch` must."""
