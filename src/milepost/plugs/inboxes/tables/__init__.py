"""Orders from tables, text files (CSV) and workbooks (XLSX, XLS, ODS): one row a line of an order; rows with the same number are
one order."""

from milepost.plugs.inboxes.tables.reader import CsvOrders, WorkbookOrders

__all__ = ["CsvOrders", "WorkbookOrders"]
