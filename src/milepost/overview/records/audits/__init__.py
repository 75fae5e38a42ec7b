"""What is audited, one file a room: each rule of DESIGN.md section 1 as a statement that finds its breaches."""

from milepost.overview.records.audits import duties, journal, notices, orders, promises, stock

CHECKS = (*orders.CHECKS, *duties.CHECKS, *stock.CHECKS, *promises.CHECKS, *notices.CHECKS, *journal.CHECKS)
