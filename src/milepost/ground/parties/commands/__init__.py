"""Verbs of parties: customers, suppliers and carriers; what customers want to hear, and addresses that take nothing more."""

from milepost.ground.parties.commands.consents import give_consent, withdraw_consent
from milepost.ground.parties.commands.customers import (
    NO_CUSTOMER,
    block,
    correct,
    list_carriers,
    list_suppliers,
    lock,
    register,
    set_credit,
    unblock,
)
from milepost.ground.parties.commands.stops import resume_channel, stop_channel

__all__ = [
    "NO_CUSTOMER",
    "block",
    "correct",
    "give_consent",
    "list_carriers",
    "list_suppliers",
    "lock",
    "register",
    "resume_channel",
    "set_credit",
    "stop_channel",
    "unblock",
    "withdraw_consent",
]
