"""UBL 2.x: orders in (PEPPOL BIS Ordering too), order responses out."""

from milepost.plugs.inboxes.ubl.answers import UblAnswers
from milepost.plugs.inboxes.ubl.reader import UblOrders

__all__ = ["UblAnswers", "UblOrders"]
