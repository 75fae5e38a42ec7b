"""Values in what a shop sends: each is read by its meaning, and one that makes no sense is refused by its place."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from milepost.kernel.refusals import Refusal, Refused
from milepost.kernel.texts import printable

MOST = Decimal(10) ** 11
LONGEST = 4000

NOT_JSON = Refusal(
    code="bad_json",
    says="The body is not well-formed JSON in UTF-8.",
    do="Look at the original, and have it sent again.",
)
NOT_AN_ORDER = Refusal(
    code="not_an_order",
    says="The body is not an order of this shop.",
    do="Look at the original and at the shop's documentation.",
)
BAD_VALUE = Refusal(
    code="bad_value",
    says="{field} makes no sense.",
    do="Look at the original, and have the shop correct and send it again.",
)


def load(body: bytes) -> "Values":
    """The object that the bytes spell; numbers with a point as they are written. Refuses `bad_json`, `not_an_order`."""
    try:
        said = json.loads(body.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Refused(NOT_JSON) from None
    if not isinstance(said, dict):
        raise Refused(NOT_AN_ORDER)
    return Values(said)


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number")


@dataclass(frozen=True, slots=True)
class Values:
    """An object as it was sent; `place` is where it stands."""

    said: Mapping[str, Any]
    place: str = ""

    def has(self, name: str) -> bool:
        """Whether it says anything under that name."""
        return self.said.get(name) is not None

    def text(self, *names: str, limit: int = LONGEST) -> str:
        """The first of these that says something, as text that can be kept. A number is text too; nothing else is."""
        for name in names:
            value = self.said.get(name)
            said = isinstance(value, str | int | Decimal) and not isinstance(value, bool)
            if said and (text := printable(str(value), limit).strip()):
                return text
        return ""

    def is_true(self, name: str) -> bool:
        """Whether it says yes."""
        return self.said.get(name) in (True, "true", "yes", "1", 1)

    def number(self, name: str) -> Decimal | None:
        """A finite number of a size that makes sense, or None where nothing is said. Refuses `bad_value`."""
        value = self.said.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str | int | Decimal) and not isinstance(value, bool):
            try:
                number = Decimal(value)
            except InvalidOperation:
                number = Decimal("NaN")
            if number.is_finite() and abs(number) < MOST and number.as_tuple().exponent >= -12:  # type: ignore[operator]
                return number
        raise self.wrong(name)

    def amount(self, name: str) -> Decimal:
        """As `number`, and nothing where nothing is said."""
        return self.number(name) or Decimal(0)

    def instant(self, *names: str) -> datetime | None:
        """The first of these that is an instant; one without a zone is in UTC, as the shops' GMT fields are."""
        for name in names:
            value = self.said.get(name)
            try:
                instant = datetime.fromisoformat(value.strip()) if isinstance(value, str) else None
            except ValueError:
                continue
            if instant is not None and instant.year > 1:
                return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
        return None

    def part(self, name: str) -> "Values":
        """An object within; an empty one where nothing is said. Refuses `bad_value` for anything else."""
        value = self.said.get(name)
        if value is None or value == []:  # PHP spells an empty object as a list
            return Values({}, self._place(name))
        if not isinstance(value, dict):
            raise self.wrong(name)
        return Values(value, self._place(name))

    def parts(self, name: str) -> Iterator["Values"]:
        """The objects of a list; none where nothing is said. Refuses `bad_value` for anything else."""
        value = self.said.get(name)
        if value is None:
            return
        if not isinstance(value, list):
            raise self.wrong(name)
        for index, one in enumerate(value):
            if not isinstance(one, dict):
                raise self.wrong(f"{name}.{index}")
            yield Values(one, f"{self._place(name)}.{index}")

    def pairs(self, name: str) -> Iterator["Values"]:
        """Names and values, as objects of a list or as one object. Refuses `bad_value` for anything else."""
        value = self.said.get(name)
        if isinstance(value, dict):
            yield from (Values({"name": key, "value": said}, self._place(name)) for key, said in value.items())
        else:
            yield from self.parts(name)

    def list_of_texts(self, name: str) -> list[str]:
        """The texts of a list; what is no text is left out."""
        value = self.said.get(name)
        return [printable(one, 200) for one in value if isinstance(one, str)] if isinstance(value, list) else []

    def wrong(self, name: str) -> Refused:
        """The refusal of a value by its place."""
        place = printable(self._place(name), 80)
        return Refused(replace(BAD_VALUE, field=place, values={"field": place}))

    def _place(self, name: str) -> str:
        return f"{self.place}.{name}" if self.place else name
