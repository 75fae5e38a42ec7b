"""SMS by Twilio: its Messages resource, the signature of its webhooks, its error codes."""

from milepost.plugs.senders.twilio.receipts import TwilioReceipts
from milepost.plugs.senders.twilio.sender import TwilioSender

__all__ = ["TwilioReceipts", "TwilioSender"]
