"""Web push: messages to browsers by their own push services (RFC 8030, 8188, 8291, 8292)."""

from milepost.plugs.senders.webpush.sender import WebPushSender

__all__ = ["WebPushSender"]
