"""E-mail by providers, through django-anymail: their APIs, their signatures, their words for what became of a message."""

from milepost.plugs.senders.anymail.receipts import AnymailReceipts
from milepost.plugs.senders.anymail.sender import AnymailSender

__all__ = ["AnymailReceipts", "AnymailSender"]
