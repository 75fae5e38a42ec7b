"""Shippo's tracking webhooks: signature, body and codes as its documentation gives them."""

from milepost.plugs.carriers.shippo.source import Shippo

__all__ = ["Shippo"]
