"""What the orders of all shops have in common."""

import re

from milepost.kernel.refusals import Refusal
from milepost.plugs.shops.values import Values

TEST_ORDER = Refusal(code="test_order", says="It is a test order of the shop; nothing is made of it.")
NOTHING_TO_SHIP = Refusal(code="nothing_to_ship", says="Nothing in it has to be shipped.")
FULFILLED = Refusal(code="fulfilled", says="All of it was sent by the shop already.")
NO_CODE = Refusal(
    code="missing_code", says="The line “{title}” has no item code (SKU) in the shop.",
    do="Give the product its code in the shop, or take the order down by hand; then have this retried or set aside.",
)  # fmt: skip


def without_code(title: str, place: int) -> Refusal:
    """The refusal of a line that does not say what it is; nothing is guessed from its title."""
    return Refusal(
        code=NO_CODE.code, says=NO_CODE.says, do=NO_CODE.do, field=f"lines.{place}.code", values={"title": title or "–"}
    )


def name_of(said: Values) -> str:
    """A person's name, as one or in two parts."""
    parts = (said.text("first_name", limit=100), said.text("last_name", limit=100))
    return said.text("name", limit=200) or " ".join(filter(None, parts))


def currency_of(said: Values) -> str:
    """The currency's three letters (ISO 4217). Refuses `bad_value`: an amount without one says nothing."""
    currency = said.text("currency", limit=8).upper()
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise said.wrong("currency")
    return currency


def language_of(locale: str) -> str:
    """A BCP 47 tag; nothing for what is none."""
    tag = locale.replace("_", "-")
    return tag if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}", tag) and len(tag) <= 12 else ""


def service_of(title: str) -> str:
    """How the customer wants it sent, spelled as services are named in procedures: Express is express."""
    return re.sub(r"\W+", "_", title.casefold()).strip("_")[:40]
