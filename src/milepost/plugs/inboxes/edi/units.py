"""Units of measure: codes of X12 (element 355) and of UN/ECE Recommendation 20 and 21, in our words."""

X12 = {
    "EA": "piece", "PC": "piece", "UN": "piece", "CA": "case", "CT": "carton", "BX": "box",
    "PK": "pack", "PA": "pail", "PL": "pallet", "DZ": "dozen", "PR": "pair", "ST": "set", "KT": "kit", "RL": "roll",
    "BG": "bag", "BO": "bottle", "CN": "can", "JR": "jar", "TB": "tube", "DR": "drum", "BA": "bale", "BC": "bucket",
    "SH": "sheet", "LB": "lb", "OZ": "oz", "KG": "kg", "GR": "g", "LT": "l", "ML": "ml", "GA": "gallon", "MR": "m", "CM": "cm",
    "FT": "ft", "IN": "in", "YD": "yd", "SF": "sqft", "SM": "sqm", "HR": "hour", "DA": "day", "TN": "ton", "MP": "metric ton",
}  # fmt: skip
"""Element 355 of X12. A code that is not here is kept as it is, and is then no unit of any item of ours."""

REC20 = {
    "EA": "piece", "PCE": "piece", "C62": "piece", "H87": "piece", "NAR": "piece", "NMB": "piece", "XPP": "piece", "XCS": "case",
    "XCT": "carton", "CT": "carton", "XBX": "box", "BX": "box", "XPK": "pack", "PK": "pack", "XPX": "pallet",
    "PF": "pallet", "DZN": "dozen", "DPC": "dozen", "PR": "pair", "SET": "set", "KT": "kit", "RO": "roll", "XRO": "roll",
    "BG": "bag", "XBG": "bag", "BO": "bottle", "XBO": "bottle", "XCA": "can", "XJR": "jar", "TU": "tube", "XTU": "tube",
    "XDR": "drum", "XBL": "bale", "XBJ": "bucket", "XST": "sheet", "LBR": "lb", "ONZ": "oz", "KGM": "kg", "GRM": "g",
    "LTR": "l", "MLT": "ml", "GLL": "gallon", "MTR": "m", "CMT": "cm", "MMT": "mm", "FOT": "ft", "INH": "in", "YRD": "yd",
    "FTK": "sqft", "MTK": "sqm", "MTQ": "m3", "HUR": "hour", "DAY": "day", "TNE": "metric ton", "STN": "ton",
}  # fmt: skip
"""UN/ECE Recommendation 20, and Recommendation 21 with its X in front, as UBL and newer EDIFACT directories write them."""
