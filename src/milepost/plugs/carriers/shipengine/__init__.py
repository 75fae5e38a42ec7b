"""ShipEngine's (ShipStation's) tracking webhooks: signature by published keys, body and codes as its documentation gives them."""

from milepost.plugs.carriers.shipengine.late import PublishedKeys
from milepost.plugs.carriers.shipengine.source import ShipEngine

__all__ = ["PublishedKeys", "ShipEngine"]
