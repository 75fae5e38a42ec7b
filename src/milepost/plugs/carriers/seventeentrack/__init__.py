"""17TRACK's webhooks: signature, body and codes as its documentation gives them."""

from milepost.plugs.carriers.seventeentrack.source import SeventeenTrack

__all__ = ["SeventeenTrack"]
