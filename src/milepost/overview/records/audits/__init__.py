"""What is audited, one file a room: each rule of DESIGN.md section 1 as a statement that finds its breaches."""

from milepost.overview.records.audits import claims, duties, journal, notices, orders, promises, stock, trackers

OF_NOTICES = (*notices.CHECKS, *claims.CHECKS, *trackers.CHECKS)
"""What is told, and what it rests upon."""
CHECKS = (*orders.CHECKS, *duties.CHECKS, *stock.CHECKS, *promises.CHECKS, *OF_NOTICES, *journal.CHECKS)
