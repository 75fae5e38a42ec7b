"""What an item must be: pure."""

import re
from collections.abc import Iterator
from decimal import Decimal

from milepost.ground.catalog.words import ItemDraft
from milepost.kernel.refusals import Refusal

LONGEST_CODE, LONGEST_NAME, LONGEST_UNIT = 64, 300, 16
MOST_MONEY = Decimal("999999999999.99")
MOST_QUANTITY = Decimal("999999999.999")


def wrong(draft: ItemDraft) -> Iterator[Refusal]:
    """Everything that keeps a draft from being listed."""
    if not draft.code.strip() or len(draft.code) > LONGEST_CODE or draft.code != draft.code.strip():
        yield _refusal(
            "bad_code", "code", f"An item's code has 1 to {LONGEST_CODE} characters, without blanks around it."
        )
    if not draft.name.strip() or len(draft.name) > LONGEST_NAME:
        yield _refusal("bad_name", "name", f"An item's name has 1 to {LONGEST_NAME} characters.")
    if not draft.unit or len(draft.unit) > LONGEST_UNIT:
        yield _refusal("bad_unit", "unit", f"An item's unit has 1 to {LONGEST_UNIT} characters.")
    if not _fits(draft.price, MOST_MONEY, Decimal("0.01")):
        yield _refusal("bad_price", "price", "A price is 0 or more, with two decimals at most.")
    if not re.fullmatch("[A-Z]{3}", draft.currency):
        yield _refusal("bad_currency", "currency", "A currency is three capital letters (ISO 4217).")
    if draft.usual_max is not None and not (
        _fits(draft.usual_max, MOST_QUANTITY, Decimal("0.001")) and draft.usual_max
    ):
        yield _refusal("bad_usual_max", "usual_max", "The usual most is more than 0, with three decimals at most.")
    if not 0 <= (draft.weight_grams or 0) <= 2**31 - 1:
        yield _refusal("bad_weight", "weight_grams", "A weight is 0 grams or more.")
    if not 0 <= (draft.lead_days or 0) <= 1000:
        yield _refusal("bad_lead_days", "lead_days", "Lead days are 0 to 1000.")


def _fits(value: Decimal, most: Decimal, step: Decimal) -> bool:
    return value.is_finite() and 0 <= value <= most and value == value.quantize(step)


def _refusal(code: str, field: str, says: str) -> Refusal:
    return Refusal(code=code, field=field, says=says, do="Correct it and list the item again.")
