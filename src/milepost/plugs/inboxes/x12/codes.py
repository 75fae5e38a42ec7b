"""X12's codes in our words; the keys are X12's. What is not here is not known to us, and is never taken for something else."""

from decimal import Decimal

ORIGINAL = "00"
PURPOSES = {
    "01": "a cancellation", "02": "an addition", "03": "a deletion", "04": "a change", "05": "a replacement",
    "06": "a confirmation", "07": "a duplicate", "13": "a request", "15": "a resubmission", "16": "a proposal", "18": "a reissue",
    "22": "a copy for information", "24": "a draft", "28": "a query", "38": "no order", "ZZ": "agreed between two others",
}  # fmt: skip
"""Element 353 (BEG01), other than the original."""

NOT_FIRM = {"BE": "a blanket estimate", "BK": "a blanket order", "IN": "a copy for information"}
"""Element 92 (BEG02): types that order nothing by themselves."""

VENDORS_NUMBERS = ("VP", "VN", "VC", "VA", "VS")
MAKERS_NUMBERS = ("MG", "MF", "MN")
TRADE_NUMBERS = ("UK", "UP", "EN", "UA", "UI", "UD", "UE", "UN", "EO", "IB", "EI", "B8", "GT")
"""Element 235: vendor's part, item, catalogue, style numbers; manufacturers'; UPC, EAN, GTIN, ISBN. """

THEIR_NUMBERS = ("BP", "IN", "PI", "CB", "SK", "PW", "PD", "PO")
"""Element 235: the buyer's part, item, catalogue numbers and the like. They are never looked up among ours, where they may be
another item's; a person says once which item they mean."""

PER_UNIT = frozenset(
    {"", "PE", "UM", "TE", "QE", "WE", "LE", "CT", "QT", "NT", "ST", "WH", "PR", "CP", "DR", "DS", "NC", "FX", "CA"}
)
PER_MANY = {"HP": Decimal(100), "TP": Decimal(1000)}
NOT_A_PRICE = frozenset({"NQ"})
"""Element 639 (PO105): what the unit price is for."""

SHIP_TO = ("ST",)
BUYERS = ("BY", "OB", "BT")
"""Element 98: by whom the order is placed, in the order in which they are believed."""

ASSIGNED_BY_US = "91"
"""Element 66: a number that the seller gave."""

FREIGHT = frozenset({"D240", "G821", "G830", "D500"})
"""Element 1300: freight, shipping, and handling."""

DATES = {
    "001": "Cancel after", "002": "Deliver on", "010": "Ship on", "037": "Ship not before", "038": "Ship no later than",
    "063": "Do not deliver after", "064": "Do not deliver before", "067": "Deliver on", "068": "Ship on", "074": "Deliver by",
    "077": "Deliver in the week of", "106": "Needed by", "118": "Will be picked up on", "175": "Cancel if not shipped by",
    "004": "", "097": "",
}  # fmt: skip
"""Element 374: what a date says of the delivery; an empty text says nothing of it."""
