"""E-mail by SMTP (RFC 5321), with the instant before each message's point of no return in our own books."""

from milepost.plugs.senders.smtp.sender import SmtpSender

__all__ = ["SmtpSender"]
