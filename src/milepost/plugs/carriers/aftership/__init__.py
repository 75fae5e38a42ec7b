"""AfterShip's tracking webhooks: signature, body and codes as its documentation gives them."""

from milepost.plugs.carriers.aftership.source import AfterShip

__all__ = ["AfterShip"]
