"""What a text means: at most five bounded reads, whatever was typed.

Numbers go first: whoever types an order's reference, a shop's number, a PO or a tracking number, whole or begun, means that. Then
customers and items that have the words, half typed and in any order; only where nothing has them, a mistyped reference is put right
by its check character, and words that are alike are taken (decision 0012).
"""

from collections.abc import Iterator

from milepost.ground.catalog import queries as catalog
from milepost.ground.parties import queries as parties
from milepost.kernel.references import ALPHABET
from milepost.overview.finding.reading import rows
from milepost.overview.finding.words import Matched
from milepost.way.fulfilment.words import tidy_number
from milepost.way.intake.numbers import references

HIGHEST = "\U0010fffd"
NOBODY = HIGHEST * 2
"""What comes after all that begins with something, and what no number begins with."""
MOST_NUMBERS, MOST_ORDERS = 100, 1000
MOST_CUSTOMERS, MOST_ITEMS = 1000, 1000
SHORTEST_BEGINNING = 3


def matched(text: str) -> Matched:
    """What the text means. At most nine statements, two of them settings."""
    plain = text.strip()
    whole, begun = _by_number(plain)
    if whole or (begun and any(character.isdigit() for character in plain)):
        return Matched(order_ids=tuple(whole or begun))
    customers = named_customers(plain)
    items = catalog.having(plain, limit=MOST_ITEMS)
    if not (customers or customers is None or items or begun):
        put_right = tuple(_existing(_put_right(plain)))
        if put_right:
            return Matched(order_ids=put_right)
        customers, items = parties.alike(plain, limit=MOST_CUSTOMERS), catalog.alike(plain, limit=MOST_ITEMS)
    return Matched(
        order_ids=tuple(begun), customer_ids=tuple(customers or ()), item_ids=tuple(items),
        customers_at_large=tuple(parties.words_of(plain)) if customers is None else (),
    )  # fmt: skip


def named_customers(plain: str) -> list[int] | None:
    """The customers who have all words of a text, or None where they are too many to be named one by one. Two statements."""
    if parties.most_have(plain):
        return None
    found = parties.having(plain, limit=MOST_CUSTOMERS + 1)
    return found if len(found) <= MOST_CUSTOMERS else None


def _by_number(plain: str) -> tuple[list[int], list[int]]:
    """Orders with this very number, and orders whose number begins so. One statement."""
    number, tracking = references().find(plain), tidy_number(plain)
    begun = [plain.upper(), plain, plain, tracking] if len(plain) >= SHORTEST_BEGINNING else [NOBODY] * 4
    wholly = [number or 0, plain, plain, tracking, plain.lower(), MOST_ORDERS]
    found = rows(_NUMBERS, [*wholly, *(value for one in begun for value in (one, one + HIGHEST, MOST_NUMBERS))])
    whole = list(dict.fromkeys(order_id for order_id, exact in found if exact))
    return whole, list(dict.fromkeys(order_id for order_id, exact in found if not exact))


def _existing(numbers: list[int]) -> list[int]:
    """Those that are orders. One statement, none for nothing."""
    if not numbers:
        return []
    return [number for (number,) in rows("SELECT id FROM orders_order WHERE id = ANY(%b::bigint[])", [numbers])]


def _put_right(plain: str) -> list[int]:
    """The numbers of references that differ from this one by one wrong character or one swap; the check character leaves few."""
    prefix = references().prefix
    typed = "".join(character for character in plain.upper() if character.isalnum()).removeprefix(prefix)
    if len(typed) != LENGTH or not any(character.isdigit() or character == "-" for character in plain):
        return []
    found = (references().find(prefix + one) for one in dict.fromkeys(_one_off(typed)))
    return [number for number in found if number is not None]


LENGTH = 9
"""The characters of a reference with its check character, without its prefix."""


def _one_off(typed: str) -> Iterator[str]:
    for place in range(len(typed)):
        for character in ALPHABET:
            yield typed[:place] + character + typed[place + 1 :]
    for place in range(len(typed) - 1):
        yield typed[:place] + typed[place + 1] + typed[place] + typed[place + 2 :]


_NUMBERS = """
(SELECT id, true FROM orders_order WHERE id = %s)
UNION ALL (SELECT id, true FROM orders_order WHERE external_ref = %s AND external_ref <> '')
UNION ALL (SELECT id, true FROM orders_order WHERE po_number = %s AND po_number <> '')
UNION ALL (SELECT order_id, true FROM fulfilment_parcel WHERE tracking_number = %s AND tracking_number <> '')
UNION ALL (SELECT id, true FROM orders_order WHERE email = %s AND email <> '' ORDER BY id DESC LIMIT %s)
UNION ALL (SELECT id, false FROM orders_order WHERE reference ~>=~ %s AND reference ~<~ %s LIMIT %s)
UNION ALL (
    SELECT id, false FROM orders_order WHERE external_ref ~>=~ %s AND external_ref ~<~ %s AND external_ref <> ''
    ORDER BY external_ref USING ~>~ LIMIT %s
) UNION ALL (
    SELECT id, false FROM orders_order WHERE po_number ~>=~ %s AND po_number ~<~ %s AND po_number <> ''
    ORDER BY po_number USING ~>~ LIMIT %s
) UNION ALL (
    SELECT order_id, false FROM fulfilment_parcel
    WHERE tracking_number ~>=~ %s AND tracking_number ~<~ %s AND tracking_number <> '' LIMIT %s
)
"""
