"""Shopify's order webhooks: signature, topics and payload as its documentation gives them."""

from milepost.plugs.shops.shopify.shop import Shopify

__all__ = ["Shopify"]
