"""The telephone: people call, so what is handed over is handed to a desk."""

from milepost.plugs.senders.phone.sender import PhoneSender

__all__ = ["PhoneSender"]
