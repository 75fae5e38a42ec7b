"""karrio, an extra, as transport only: it fetches a carrier's own bytes, and our readers say what they mean."""

from milepost.plugs.carriers.karrio.poller import KarrioPoller

__all__ = ["KarrioPoller"]
