"""SMS by Vonage's Messages API: its webhooks are signed as JWT."""

from milepost.plugs.senders.vonage.receipts import VonageReceipts
from milepost.plugs.senders.vonage.sender import VonageSender

__all__ = ["VonageReceipts", "VonageSender"]
