"""What a template may name: one vocabulary, in which a name has one type wherever it stands.

The type of a variable says what stands behind it when a letter is written, how it is checked before the letter leaves, and how
it is set in a text that runs from right to left.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

ANY = "any"
"""The type of variables in documents older than types."""
LEFT_TO_RIGHT = frozenset({"code", "money", "quantity", "email", "phone"})
"""Types that read from left to right in every language: numbers, addresses, signs."""
NEUTRAL = frozenset({"text", "day", "window"})
"""Types whose own first letter decides in which direction they read."""

_SCALARS: Mapping[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str),
    "day": lambda value: isinstance(value, str),
    "window": lambda value: isinstance(value, str),
    "money": lambda value: isinstance(value, str),
    "quantity": lambda value: isinstance(value, str),
    "code": lambda value: isinstance(value, str),
    "phone": lambda value: isinstance(value, str),
    "email": lambda value: isinstance(value, str) and (not value or "@" in value),
    "link": lambda value: isinstance(value, str) and (not value or value.startswith(("https://", "http://"))),
    "yes_no": lambda value: isinstance(value, bool),
    "number": lambda value: isinstance(value, int) and not isinstance(value, bool),
    ANY: lambda value: value is not None,
}

RECORDS: Mapping[str, Mapping[str, str]] = {
    "texts": {},
    "items": {
        "code": "code", "name": "text", "quantity": "quantity", "price": "money", "total": "money", "waiting": "quantity",
        "instructions": "text", "cancelled": "yes_no",
    },
    "contents": {"code": "code", "name": "text", "quantity": "quantity", "expected": "day"},
    "parcels": {"carrier": "text", "number": "code", "link": "link"},
    "choices": {"name": "text", "quantity": "quantity", "done": "text", "expected": "day"},
    "questions": {"question": "text"},
    "news": {"reference": "code", "says": "text", "link": "link"},
    "offer": {"until": "day", "default": "text", "stand_ins": "stand_ins"},
    "stand_ins": {
        "instead_of": "text", "name": "text", "code": "code", "quantity": "quantity", "price": "money", "difference": "text",
    },
}  # fmt: skip
"""Types that hold several things: the fields of each. Lists, but for those in SINGLE."""
SINGLE = frozenset({"offer"})
"""Records of which there is one, or none."""
TYPES = frozenset({*_SCALARS, *RECORDS})

VOCABULARY: Mapping[str, str] = MappingProxyType({
    # the house
    "brand": "text", "site": "link", "support_email": "email", "support_phone": "phone",
    # the order and its people
    "reference": "code", "name": "text", "received_on": "day", "po_number": "code", "lines": "items", "items_total": "money",
    "freight": "money", "tax": "money", "charges": "money", "total": "money", "ship_to": "texts", "item_count": "text",
    # dates
    "leaves_by": "day", "expected": "window", "expected_first": "window", "arrives": "window", "delivered_on": "day",
    "confidence": "text", "no_date": "text", "cause": "text", "cancelled_because": "text",
    # what is short, and the choice
    "is_short": "yes_no", "waiting": "contents", "offer": "offer", "choices": "choices", "no_answer_came": "yes_no",
    # parcels
    "shipped": "contents", "rest": "contents", "parcels": "parcels", "parcel_count": "text",
    "carrier": "text", "pickup_place": "texts", "pickup_until": "day", "next_attempt": "window", "attempt_reason": "text",
    # links
    "track_link": "link", "alternatives_link": "link", "questions_link": "link", "feedback_link": "link",
    "confirmation_link": "link", "delivery_note_link": "link", "preferences_link": "link", "details_link": "link",
    # questions
    "questions": "questions", "question_count": "text",
    # messages and codes
    "subject_line": "text", "who": "text", "said": "texts", "asked": "texts", "code": "code", "minutes": "number",
    "valid_for": "text",
    # staff, suppliers, digests
    "duty": "text", "due": "text", "level": "number", "news": "news", "news_count": "text", "supplier": "text", "due_on": "day",
    "supply": "contents",
})  # fmt: skip
"""Every variable that letters are written with, and its type."""


def fault(value: Any, kind: str) -> str:
    """What is wrong with a value that should be of this type; empty where nothing is."""
    scalar = _SCALARS.get(kind)
    if scalar is not None:
        return "" if scalar(value) else f"is no {kind.replace('_', ' ')}"
    fields = RECORDS[kind]
    if kind in SINGLE:
        return _record_fault(value, fields) if value is not None else ""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return f"is no list of {kind}"
    if not fields:
        return "" if all(isinstance(one, str) for one in value) else "holds something else than texts"
    return next((wrong for one in value if (wrong := _record_fault(one, fields))), "")


def _record_fault(value: Any, fields: Mapping[str, str]) -> str:
    for name, kind in fields.items():
        held = value.get(name, _NOTHING) if isinstance(value, dict) else getattr(value, name, _NOTHING)
        if held is _NOTHING:
            return f"lacks {name}"
        if wrong := fault(held, kind):
            return f"has {name}, which {wrong}"
    return ""


_NOTHING = object()


def faults(declared: Mapping[str, str], values: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the values that a template is to be written with: one that is missing, one of another type."""
    for name, kind in declared.items():
        if name not in values:
            yield f"{name} is missing"
        elif wrong := fault(values[name], kind):
            yield f"{name} {wrong}"


_EXAMPLES: Mapping[str, Any] = {
    "text": "Words", "day": "Wednesday, 5 March 2025", "window": "on Wednesday, 5 March 2025", "money": "39.90 EUR",
    "quantity": "2",
    "code": "M7K3-Q9XD-2C", "phone": "+49 30 901820", "email": "help@shop.example", "link": "https://shop.example/t/x/",
    "yes_no": True, "number": 2, ANY: "Words",
}  # fmt: skip


def example(kind: str) -> Any:
    """A value of a type, to show a template without an order."""
    if kind in _EXAMPLES:
        return _EXAMPLES[kind]
    if kind == "texts":
        return [_EXAMPLES["text"]]
    record = {name: example(of) for name, of in RECORDS[kind].items()}
    return record if kind in SINGLE else [record]
