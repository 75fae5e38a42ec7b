"""DHL: Shipment Tracking Unified, Express (MyDHL) and Parcel Germany, each a system of its own with its own codes."""

from milepost.plugs.carriers.dhl.express import dhl_express
from milepost.plugs.carriers.dhl.parcel_de import dhl_parcel_de
from milepost.plugs.carriers.dhl.poller import DhlExpressPoller, DhlPoller
from milepost.plugs.carriers.dhl.unified import dhl

__all__ = ["DhlExpressPoller", "DhlPoller", "dhl", "dhl_express", "dhl_parcel_de"]
