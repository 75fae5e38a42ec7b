"""The table of permissions as people read it: by area, what may be read and what may be done, and the roles that may."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext_lazy as _

from milepost.ground.access.words import CHANGES_NOTHING, PERMISSIONS, ROLES

AREAS: Mapping[str, object] = {
    "orders": _("Orders"), "customers": _("Customers"), "catalog": _("Items"), "stock": _("Stock"), "promises": _("Promises"),
    "fulfilment": _("Fulfilment"), "tracking": _("Tracking"), "delivery": _("Delivery"), "cases": _("Cases"),
    "closeout": _("Acceptance and feedback"), "duties": _("Duties"), "notices": _("Messages"), "procedures": _("Procedures"),
    "insight": _("Measures"), "imports": _("Imports"), "health": _("Health"), "webhooks": _("Subscriptions"),
    "access": _("Access"), "inquiries": _("Inquiries"), "lists": _("Lists"), "look": _("The look of pages"),
}  # fmt: skip


SAYS: Mapping[str, object] = {
    "orders.read": _("Read orders, requests and their stories"),
    "orders.enter": _("Enter orders and complete requests"),
    "orders.confirm": _("Review, confirm and acknowledge orders"),
    "orders.amend": _("Change what was ordered, settle questions, offer alternatives"),
    "orders.hold": _("Hold orders"),
    "orders.release": _("Release holds"),
    "orders.cancel": _("Cancel orders"),
    "orders.write_off": _("Release what is held for its risk"),
    "orders.close": _("Complete, reopen and close orders"),
    "customers.read": _("Read customers"),
    "customers.correct": _("Correct, block and unblock customers"),
    "catalog.read": _("Read items and prices"),
    "catalog.list": _("List items"),
    "stock.read": _("Read stock and what is to come"),
    "stock.receive": _("Receive stock and correct what is to come"),
    "stock.allocate": _("Tie stock to orders"),
    "promises.revise": _("Promise other dates"),
    "fulfilment.read": _("Read releases, parcels and shipments"),
    "fulfilment.pick": _("Pick"),
    "fulfilment.pack": _("Pack"),
    "fulfilment.ship": _("Ship, and correct labels"),
    "tracking.read": _("Read where parcels are"),
    "tracking.record": _("Record where parcels are"),
    "delivery.prove": _("Record proof of delivery"),
    "cases.read": _("Read delays and exceptions"),
    "cases.work": _("Work on delays and exceptions"),
    "inquiries.read": _("Read conversations with customers"),
    "inquiries.answer": _("Answer customers, log calls"),
    "closeout.read": _("Read acceptances and feedback"),
    "closeout.work": _("Record acceptances, objections and feedback"),
    "duties.read": _("See the own desk and what is told to oneself"),
    "duties.work": _("Take, snooze and close duties; make calls"),
    "duties.assign": _("Hand duties to others"),
    "duties.oversee": _("See what waits in every team, and for how long"),
    "notices.read": _("Read messages and why they were sent"),
    "notices.repair": _("Send messages again, or mark them as sent"),
    "procedures.read": _("Read procedures"),
    "procedures.draft": _("Draft procedures"),
    "procedures.review": _("Review procedures"),
    "procedures.publish": _("Publish procedures"),
    "insight.read": _("Read measures"),
    "imports.read": _("Read files and documents of orders, and what became of them"),
    "imports.load": _("Load files of orders"),
    "health.read": _("See how the house is"),
    "health.repair": _("Repair: try again, send again"),
    "webhooks.read": _("Read subscriptions and what was delivered"),
    "webhooks.manage": _("Open, change and close subscriptions"),
    "lists.export": _("Take lists along as files"),
    "lists.bulk": _("Say a verb of many rows at once, each as far as it may"),
    "look.read": _("See the pieces that pages are made of"),
    "access.read": _("See who may do what, and how they sign in"),
    "access.open": _("Let somebody sign in again after too many wrong tries"),
    "access.manage": _("Put people on the staff, give roles and keys, end sessions, reset second factors"),
}
"""What each permission lets somebody do. What ends in `.read` changes nothing but what one has seen oneself."""


@dataclass(frozen=True, slots=True)
class Row:
    """One permission: what it lets somebody do, whether it only reads, and for each role whether it has it."""

    code: str
    says: object
    reads: bool
    held: tuple[bool, ...]


def table() -> Iterator[tuple[object, list[Row]]]:
    """The areas in the order of the table, each with its permissions."""
    for area, codes in groupby(PERMISSIONS, key=lambda code: code.partition(".")[0]):
        yield AREAS.get(area, area), [_row(code) for code in codes]


def _row(code: str) -> Row:
    held = tuple(role in PERMISSIONS[code] for role in ROLES)
    return Row(code, SAYS.get(code, code), code.endswith(".read") or code in CHANGES_NOTHING, held)
