"""EasyPost's tracker webhooks: signature, body and codes as its documentation gives them."""

from milepost.plugs.carriers.easypost.source import EasyPost

__all__ = ["EasyPost"]
