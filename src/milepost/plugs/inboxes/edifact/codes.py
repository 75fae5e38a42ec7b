"""EDIFACT's codes in our words; the keys are EDIFACT's. What is not here is not known to us."""

ORDER_KINDS = frozenset({"", "220", "105", "224", "226", "227", "228", "237", "400", "401", "402", "22E", "YB1"})
"""1001: orders, rush, call-off, consignment, sample, cross-dock, exceptional, transshipment."""

NOT_FIRM = {
    "221": "a blanket order",
    "258": "a standing order",
    "230": "a change",
    "231": "an answer",
    "231E": "an answer",
}
ORIGINAL = frozenset({"", "9", "43"})
FUNCTIONS = {
    "1": "a cancellation", "2": "an addition", "3": "a deletion", "4": "a change", "5": "a replacement", "6": "a confirmation",
    "7": "a duplicate", "16": "a proposal", "22": "a final transmission", "27": "a refusal", "29": "an acceptance", "31": "a copy",
    "42": "a confirmation of what was ordered otherwise", "46": "provisional",
}  # fmt: skip
"""1225: what the message does; 9 is an original, 43 one that came by other means before."""

DATES = {
    "2": "Deliver on", "10": "Ship on", "17": "Deliver on", "37": "Ship not before", "38": "Ship no later than",
    "61": "Cancel after", "63": "Deliver no later than", "64": "Deliver no earlier than", "69": "Deliver on", "74": "Deliver by",
    "76": "Deliver on", "200": "Will be picked up on", "234": "Collect no earlier than", "235": "Collect no later than", "137": "",
    "4": "", "171": "",
}  # fmt: skip
"""2005: what a date says of the delivery; an empty text says nothing of it."""

OUR_NUMBERS = ("SA", "SRV", "MF")
TRADE_NUMBERS = ("EN", "SRV", "UP", "EU", "UA", "IB", "GTIN", "ISB", "EAN")
"""7143: the supplier's own number first; GTIN, EAN, UPC, ISBN next. """

THEIR_NUMBERS = ("IN", "BP", "BO", "")
"""7143: the buyer's own numbers, and numbers of which it is not said whose they are. They are never looked up among ours; a person
says once which item they mean."""

SUBSTITUTE = "4"
"""4347: a number of what may come instead, which is not what was ordered."""

SHIP_TO = ("DP", "ST", "CN", "UC")
BUYERS = ("BY", "OB", "IV")
"""3035: delivery party, ship to, consignee, ultimate consignee; buyer, ordered by, invoicee."""

FREIGHT = frozenset({"FC", "HD", "SH"})
"""7161: freight, handling, special handling."""

NET, GROSS = "AAA", "AAB"
ORDERED = "21"
LINE_AMOUNT, TOTALS, ITEMS_TOTALS, TAX = "203", frozenset({"86", "9", "128", "39"}), frozenset({"79"}), "124"
ALLOWANCE_AMOUNTS = frozenset({"8", "23", "204", "131"})
"""5125, 6063, 5025."""
