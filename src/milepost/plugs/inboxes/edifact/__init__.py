"""UN/EDIFACT: purchase orders (ORDERS) in, syntax reports (CONTRL) and order responses (ORDRSP) out."""

from milepost.plugs.inboxes.edifact.answers import EdifactAnswers
from milepost.plugs.inboxes.edifact.reader import EdifactOrders

__all__ = ["EdifactAnswers", "EdifactOrders"]
