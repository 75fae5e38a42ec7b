"""The columns that a file of orders may have, what each may hold, and how else people spell them."""

import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches

from milepost.plugs.inboxes.tables import synonyms


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `of` is "order" (the same on all rows of an order, or left empty) or "line"; `longest` in characters."""

    name: str
    of: str
    kind: str = "text"
    longest: int = 200
    required: bool = False
    spellings: tuple[str, ...] = ()
    says: str = ""


COLUMNS = (
    Column("order", "order", longest=80, required=True, spellings=("order_number", "order_no", "external_ref", "order_id"),
           says="Your number of the order. Rows with the same number are one order."),
    Column("item", "line", longest=80, required=True, spellings=("code", "sku", "item_code", "article"),
           says="The item's code in the catalogue."),
    Column("quantity", "line", kind="number", required=True, spellings=("qty",), says="How many, as 3 or 2.5."),
    Column("price", "line", kind="number", spellings=("unit_price",), says="Price of one unit; empty means the list price."),
    Column("unit", "line", longest=16, spellings=("uom",), says="As in the catalogue."),
    Column("line_instructions", "line", longest=2000, spellings=("line_note",), says="What to mind with this line."),
    Column("customer_ref", "order", longest=80, spellings=("customer_number", "customer_no"), says="Your number of the customer."),
    Column("customer_name", "order", spellings=("customer", "contact_name"), says="Who ordered."),
    Column("customer_email", "order", longest=254, spellings=("email", "e_mail"), says="Where letters about the order go."),
    Column("customer_phone", "order", longest=40, spellings=("phone", "telephone"), says="With country code, as +49 30 901820."),
    Column("language", "order", kind="language", longest=12, says="As en or de."),
    Column("zone", "order", kind="zone", longest=64, spellings=("time_zone",), says="The recipient's time zone, as Europe/Berlin."),
    Column("ship_to_name", "order", spellings=("recipient", "ship_to"), says="Whose name stands on the parcel."),
    Column("company", "order"),
    Column("street", "order", longest=300, spellings=("address", "address_1", "street_1"), says="Street and number."),
    Column("street_2", "order", longest=300, spellings=("address_2",), says="A second line of the street."),
    Column("postal_code", "order", longest=20, spellings=("zip", "postcode", "zip_code")),
    Column("city", "order", spellings=("town",)),
    Column("region", "order", spellings=("state", "province")),
    Column("country", "order", kind="country", longest=2, spellings=("country_code",), says="Two letters, as DE."),
    Column("currency", "order", kind="currency", longest=3, says="Three letters, as EUR; empty means the house's."),
    Column("po_number", "order", longest=80, spellings=("po", "purchase_order"), says="The customer's purchase order."),
    Column("payment_reference", "order", longest=120),
    Column("payment_amount", "order", kind="number"),
    Column("payment_pending", "order", kind="yes_no", says="yes while the payment has not arrived."),
    Column("freight", "order", kind="number", spellings=("shipping", "shipping_cost")),
    Column("instructions", "order", longest=2000, spellings=("note", "notes", "comment")),
    Column("service", "order", longest=40, spellings=("shipping_method", "delivery_service")),
    Column("promised_on", "order", kind="day", spellings=("promised", "promised_date"),
           says="The latest day that the customer was told, as 2026-03-31."),
)  # fmt: skip

REQUIRED = tuple(column for column in COLUMNS if column.required)
BY_NAME = {column.name: column for column in COLUMNS}
_BY_SPELLING = {spelling: column for column in COLUMNS for spelling in (column.name, *column.spellings)}
_SURE = {word: BY_NAME[name] for name, words in synonyms.SURE.items() for word in words}
_MAYBE = {word: BY_NAME[name] for name, words in synonyms.MAYBE.items() for word in words}


def column_called(heading: str) -> Column | None:
    """The column that a heading means beyond doubt; case, accents, spaces, dots and dashes do not matter."""
    return _BY_SPELLING.get(plain(heading)) or _SURE.get(plain(heading))


def proposals(heading: str) -> tuple[str, ...]:
    """The columns that a heading may mean, best first; for a person to choose from."""
    word = plain(heading)
    if not word:
        return ()
    found = [_MAYBE[word].name] if word in _MAYBE else []
    every = {**_MAYBE, **_SURE, **_BY_SPELLING}
    found += [every[close].name for close in get_close_matches(word, every, n=4, cutoff=0.7)]
    parts = set(word.split("_"))
    found += [column.name for spelling, column in every.items() if len(spelling) > 3 and spelling in parts]
    return tuple(dict.fromkeys(found))[:4]


def is_heading_like(heading: str) -> bool:
    """Whether it is a word that may stand above a column of ours."""
    word = plain(heading)
    return bool(word) and (column_called(heading) is not None or word in _MAYBE)


def plain(heading: str) -> str:
    """A heading as it is compared."""
    letters = unicodedata.normalize("NFKD", heading.replace("ß", "ss").replace("ø", "o").replace("ł", "l").lower())
    bare = "".join(c if c.isalnum() or c in "#%" else " " for c in letters if not unicodedata.combining(c))
    return "_".join(bare.split())
