"""HTTP to addresses that others name: never into our own network."""

from milepost.plugs.http.guarded import Forbidden, GuardedTransport, client

__all__ = ["Forbidden", "GuardedTransport", "client"]
