"""ANSI ASC X12: purchase orders (850) in, functional acknowledgements (997, TA1) and order acknowledgements (855) out."""

from milepost.plugs.inboxes.x12.answers import X12Answers
from milepost.plugs.inboxes.x12.reader import X12Orders

__all__ = ["X12Answers", "X12Orders"]
