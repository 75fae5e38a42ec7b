"""The terms that all shapes are made of: texts, amounts, quantities, instants, with their bounds."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

EARLIEST_ON, LATEST_ON = date(2000, 1, 1), date(2100, 12, 31)
EARLIEST_AT, LATEST_AT = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 12, 31, tzinfo=UTC)
ONE_LINE = r"^[^\x00-\x1f\x7f]*$"
"""No control characters; in particular no NUL, which PostgreSQL cannot keep."""
MANY_LINES = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"

ZONES = frozenset(name for name in available_timezones() if "/" in name or name == "UTC")


class Sent(BaseModel):
    """Something that a partner sends: no value is converted from another kind, no field is ignored."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Told(BaseModel):
    """Something that we answer."""

    model_config = ConfigDict(frozen=True)


def _known_zone(name: str) -> str:
    if name and name not in ZONES:
        raise PydanticCustomError("unknown_zone", "not a time zone of the IANA database")
    return name


Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64, pattern=ONE_LINE)]
OrderName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=ONE_LINE),
    Field(description="Our reference of the order, or the shop's own number.", examples=["M7K3-Q9XD-2C"]),
]
Unit = Annotated[str, StringConstraints(strip_whitespace=True, max_length=16, pattern=ONE_LINE)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40, pattern=ONE_LINE)]
Number = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80, pattern=ONE_LINE)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=ONE_LINE)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=ONE_LINE)]
Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254, pattern=ONE_LINE)]
Street = Annotated[str, StringConstraints(strip_whitespace=True, max_length=400, pattern=MANY_LINES)]
Prose = Annotated[str, StringConstraints(max_length=4000, pattern=MANY_LINES)]
Language = Annotated[
    str,
    StringConstraints(max_length=12, pattern=r"^([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$"),
    Field(description="BCP 47 tag, such as `de` or `pt-BR`."),
]
Zone = Annotated[
    str,
    StringConstraints(max_length=64, pattern=ONE_LINE),
    AfterValidator(_known_zone),
    Field(description="IANA time zone, such as `Europe/Berlin`."),
]
Country = Annotated[
    str, StringConstraints(pattern=r"^[A-Z]{2}$"), Field(description="ISO 3166-1 alpha-2.", examples=["DE"])
]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), Field(description="ISO 4217.", examples=["EUR"])]
Money = Annotated[
    Decimal,
    Field(ge=0, le=Decimal("9999999999.99"), max_digits=12, decimal_places=2),
    WithJsonSchema(
        {
            "description": "Amount, at most two decimals; as a string or as a number.",
            "anyOf": [
                {"type": "string", "pattern": r"^[0-9]{1,10}(\.[0-9]{1,2})?$"},
                {"type": "number", "minimum": 0, "maximum": 9999999999.99},
            ],
            "examples": ["12.50"],
        }
    ),
]


def _quantity(description: str, most: int) -> WithJsonSchema:
    return WithJsonSchema(
        {
            "description": description,
            "anyOf": [
                {"type": "string", "pattern": r"^[0-9]{1,8}(\.[0-9]{1,3})?$"},
                {"type": "number", "exclusiveMinimum": 0, "maximum": most},
            ],
            "examples": [2],
        }
    )


Quantity = Annotated[
    Decimal,
    Field(gt=0, le=1_000_000, max_digits=10, decimal_places=3),
    _quantity("In the item's unit, more than zero, at most three decimals; as a number or as a string.", 1_000_000),
]
Bulk = Annotated[
    Decimal,
    Field(gt=0, le=10_000_000, max_digits=11, decimal_places=3),
    _quantity("In the item's unit, more than zero, at most three decimals; as a number or as a string.", 10_000_000),
]
Day = Annotated[date, Field(ge=EARLIEST_ON, le=LATEST_ON, description="Calendar day, 2000 to 2100.")]
Instant = Annotated[
    AwareDatetime, Field(ge=EARLIEST_AT, le=LATEST_AT, description="Instant with its offset from UTC, 2000 to 2100.")
]
OccurredAt = Annotated[
    AwareDatetime,
    Field(
        ge=EARLIEST_AT,
        le=LATEST_AT,
        description=(
            "When it happened, if that is history. Needs the scope `backfill`; customers hear nothing of history."
        ),
    ),
]
