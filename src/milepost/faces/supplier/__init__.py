"""Suppliers' page behind the link of a supply order: confirm it, give a date, report a delay, write to us. Comes with sourcing."""
