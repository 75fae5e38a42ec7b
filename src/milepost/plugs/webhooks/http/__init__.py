"""Calls peers' endpoints over HTTP."""

from milepost.plugs.webhooks.http.caller import HttpCaller

__all__ = ["HttpCaller"]
