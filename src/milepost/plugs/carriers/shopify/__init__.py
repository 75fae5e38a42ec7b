"""Shopify's fulfilments and fulfilment events as a source of tracking; its orders are read by `plugs/shops/shopify`."""

from milepost.plugs.carriers.shopify.source import ShopifyFulfillments

__all__ = ["ShopifyFulfillments"]
