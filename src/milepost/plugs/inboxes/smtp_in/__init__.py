"""Mail by SMTP: a receiver for tests and small shops. It takes mail for our own addresses, keeps it, and only then says yes."""

from milepost.plugs.inboxes.smtp_in.receiver import SmtpReceiver

__all__ = ["SmtpReceiver"]
