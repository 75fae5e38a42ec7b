"""Staff alerts by apprise: chats, pagers, mail, whatever a role has been given addresses for."""

from milepost.plugs.senders.staff_alerts.sender import StaffAlertSender

__all__ = ["StaffAlertSender"]
