"""Pure decisions of bulk: what a set that was refused is tried as next."""

from collections.abc import Sequence
from dataclasses import replace

from milepost.kernel.refusals import Refusal


def told_apart(keys: Sequence[str], refusals: Sequence[Refusal]) -> dict[str, Refusal]:
    """Which rows a command has refused, where each refusal points at its row; nothing where one does not."""
    places = [refusal.index for refusal in refusals]
    if any(place is None or not 0 <= place < len(keys) for place in places):
        return {}
    return {keys[refusal.index or 0]: refusal for refusal in reversed(refusals)}


def halves(keys: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Two halves, to find out which of them holds what is refused."""
    middle = len(keys) // 2
    return keys[:middle], keys[middle:]


def of_row(refusal: Refusal, label: str) -> Refusal:
    """The refusal as it is told of a row: an order by its reference, not by our number."""
    if "order_id" in refusal.values:
        return replace(refusal, values={**refusal.values, "order_id": label})
    return refusal
