"""Orders from a CSV file: one row a line of an order; rows with the same order number are one order."""

from milepost.plugs.inboxes.csv_orders.reader import CsvOrders

__all__ = ["CsvOrders"]
