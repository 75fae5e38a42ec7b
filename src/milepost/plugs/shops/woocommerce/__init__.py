"""WooCommerce's order webhooks: signature, topics and payload as its documentation and its source give them."""

from milepost.plugs.shops.woocommerce.shop import WooCommerce

__all__ = ["WooCommerce"]
