"""GLS Group: its Track & Trace API."""

from milepost.plugs.carriers.gls.source import gls

__all__ = ["gls"]
