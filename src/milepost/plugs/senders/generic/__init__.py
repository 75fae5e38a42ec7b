"""SMS by any provider with a plain HTTP API: what it wants and says is described in the settings."""

from milepost.plugs.senders.generic.receipts import GenericReceipts
from milepost.plugs.senders.generic.sender import GenericSender

__all__ = ["GenericReceipts", "GenericSender"]
