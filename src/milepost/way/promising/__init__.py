"""Promising: every date or window ever given to a customer, its basis, and the cause of each revision."""
