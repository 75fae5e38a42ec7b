"""Verbs of cases: delays and losses, and the offers by which customers choose what is done about lines that are short."""

from milepost.way.cases.commands.answers import accept, lapse_offers
from milepost.way.cases.commands.delays import late_supply, reconsider, report_delays, resolve
from milepost.way.cases.commands.losses import watch_parcels
from milepost.way.cases.commands.offers import close_offers, offer, tidy_offers
from milepost.way.cases.commands.past_promise import find_delays

__all__ = [
    "accept", "close_offers", "find_delays", "lapse_offers", "late_supply", "offer", "reconsider", "report_delays", "resolve",
    "tidy_offers", "watch_parcels",
]  # fmt: skip
