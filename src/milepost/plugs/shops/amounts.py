"""Amounts as shops reckon them: prices of one, and sums that agree with what the shop says is to be paid."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from milepost.way.intake.words import Draft

CENT, FINE = Decimal("0.01"), Decimal("0.0001")
ROUNDING = Decimal("0.05")


def cents(amount: Decimal) -> Decimal:
    """An amount to the cent."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def fine(price: Decimal) -> Decimal:
    """A price of one as finely as it can be kept, and to the cent where that says the same."""
    whole, fraction = cents(price), price.quantize(FINE, ROUND_HALF_UP)
    return whole if whole == fraction else fraction


def each(amount: Decimal, quantity: Decimal) -> Decimal:
    """What one costs where so many cost so much, as finely as a price can be kept."""
    return fine(amount / quantity if quantity else Decimal(0))


def balanced(draft: Draft, total: Decimal | None, possible: Sequence[Decimal] = ()) -> Draft:
    """The draft with those of the possible charges without which it does not add up to the shop's total.

    Shops list some amounts (tips, discounts of a whole order) that are part of the total in one version and not in another. A
    cent that was lost in rounding prices of one is a charge too; a larger difference stays, and is found by verification.
    """
    if total is None:
        return draft
    for charge in possible:
        if charge and abs(total - draft.total - charge) < abs(total - draft.total):
            draft = replace(draft, charges=draft.charges + charge)
    missing = total - draft.total
    return replace(draft, charges=draft.charges + missing) if 0 < abs(missing) <= ROUNDING else draft
