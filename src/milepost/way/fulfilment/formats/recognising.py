"""Recognise whose a tracking number is: every format that fits is a candidate, and nothing is ever taken for certain.

A number is spelt so that machines find reading errors, not so that carriers differ: several carriers' numbers look alike, so the
answer is a ranked list. Pure; the formats are data (`formats.toml`).
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from milepost.way.fulfilment.formats.checks import CHECKS
from milepost.way.fulfilment.formats.words import Candidate, Context
from milepost.way.fulfilment.words import tidy_number

RULED = 400
"""How much the word of staff weighs against a format's own certainty (at most 99)."""
ELSEWHERE, NOT_OURS = 0.2, 0.3
"""What remains of the certainty of a carrier that does not serve the country, or whom this shop does not ship with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One form of one carrier's numbers. `certainty`: in percent, that a number which fits is this carrier's and not chance."""

    carrier: str
    name: str
    label: str
    pattern: re.Pattern[str]
    check: str = ""
    certainty: int
    countries: frozenset[str] = frozenset()
    link: str = ""


@dataclass(frozen=True, slots=True)
class _Fit:
    format: Format
    number: str
    parts: dict[str, str] = field(default_factory=dict)


def recognise(number: str, context: Context | None = None) -> tuple[Candidate, ...]:
    """All carriers whose number it may be, the likeliest first; none where no form fits or its check digit is wrong."""
    context, plain = context or Context(), tidy_number(number)
    weighed = sorted(
        ((_weigh(fit, plain, context), fit) for fit in _fitting(plain)), key=lambda each: (-each[0][0], each[1].format.name)
    )  # fmt: skip
    best: dict[str, tuple[float, tuple[str, ...], _Fit]] = {}
    for (weight, reasons), fit in weighed:
        best.setdefault(fit.format.carrier, (weight, reasons, fit))
    total = sum(weight for weight, _, _ in best.values())
    top = max((min(weight, 99.0) for weight, _, _ in best.values()), default=0.0)
    return tuple(
        _candidate(fit, max(1, round(top * weight / total)), reasons) for weight, reasons, fit in best.values()
    )


def misread(number: str, carrier: str) -> bool:
    """Whether it has the form of this carrier's numbers, but the check digit says that it was misread; no other form of theirs
    fits."""
    plain = tidy_number(number)
    theirs = [one for one in formats() if same_carrier(one.carrier, carrier)]
    shaped = [one for one in theirs if one.check and one.pattern.fullmatch(plain)]
    return bool(shaped) and not any(_fit(one, plain) for one in theirs)


def same_carrier(one: str, other: str) -> bool:
    """Whether two codes name the same carrier, or one of them a branch of the other: dhl and dhl_express."""
    one, other = _squeeze(one), _squeeze(other)
    return bool(one and other) and (one.startswith(other) or other.startswith(one))


def page_of(carrier: str) -> str:
    """Where people look up this carrier's numbers, with `{number}` in it; "" where no page is known."""
    known = _data()["carriers"]
    code = carrier if carrier in known else next((one for one in known if same_carrier(one, carrier)), "")
    return str(known[code].get("link", "")) if code else ""


def shape_of(number: str) -> str:
    """What a ruling of staff is remembered by: the letters and the first two digits as they are, other digits as 9."""
    plain, kept, shape = tidy_number(number), 0, []
    for character in plain:
        digit = character.isdecimal()
        shape.append("9" if digit and kept >= 2 else character)
        kept += digit
    return "".join(shape)


def _fitting(plain: str) -> Iterable[_Fit]:
    return (fit for one in formats() if (fit := _fit(one, plain)) is not None)


def _fit(one: Format, plain: str) -> _Fit | None:
    """The format's reading of a number, or None: its form is another, or its check digit is wrong."""
    match = one.pattern.fullmatch(plain)
    if match is None:
        return None
    parts = {name: text for name, text in match.groupdict().items() if text}
    if one.check and CHECKS[one.check](parts["serial"]) != parts["check"]:
        return None
    if (country := parts.get("country")) is not None and country not in _postal_countries():
        return None
    carrier = _operators().get(parts.get("country", ""), one.carrier)
    return _Fit(replace(one, carrier=carrier) if carrier != one.carrier else one, plain, parts)


def _weigh(fit: _Fit, plain: str, context: Context) -> tuple[float, tuple[str, ...]]:
    weight, reasons = float(fit.format.certainty), [fit.format.label]
    reasons.append("its check digit is right" if fit.format.check else "this form has no check digit")
    served = fit.format.countries
    where = {context.sent_from, context.sent_to} - {""}
    if served and where and not served & where:
        weight, reasons = weight * ELSEWHERE, [*reasons, "does not serve these countries"]
    if context.carriers and not any(same_carrier(fit.format.carrier, ours) for ours in context.carriers):
        weight, reasons = weight * NOT_OURS, [*reasons, "not among the carriers of this shop"]
    ruled = context.rulings.get(shape_of(plain), "")
    if ruled and same_carrier(ruled, fit.format.carrier):
        weight, reasons = weight + RULED, [*reasons, "staff said so of numbers like this"]
    return weight, tuple(reasons)


def _candidate(fit: _Fit, confidence: int, reasons: tuple[str, ...]) -> Candidate:
    one = fit.format
    parts = {name: text for name, text in fit.parts.items() if name not in ("serial", "check")}
    return Candidate(
        carrier=one.carrier, name=_names().get(one.carrier, one.label), format=one.name, number=fit.number,
        confidence=min(confidence, 99), checked=bool(one.check), link=one.link.replace("{number}", fit.number), parts=parts,
        reasons=reasons,
    )  # fmt: skip


def _squeeze(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())


@cache
def formats() -> Sequence[Format]:
    """All forms, as `formats.toml` lists them."""
    links = {carrier: row.get("link", "") for carrier, row in _data()["carriers"].items()}
    return tuple(
        Format(
            carrier=row["carrier"], name=row["name"], label=row["label"], pattern=re.compile(row["pattern"], re.ASCII),
            check=row.get("check", ""), certainty=row["certainty"], countries=frozenset(row.get("countries", ())),
            link=links[row["carrier"]],
        )
        for row in _data()["formats"]
    )  # fmt: skip


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("formats.toml").read_text("utf-8"))


@cache
def _names() -> dict[str, str]:
    return {carrier: row["name"] for carrier, row in _data()["carriers"].items()}


@cache
def _operators() -> dict[str, str]:
    return dict(_data()["s10"]["operators"])


@cache
def _postal_countries() -> frozenset[str]:
    return frozenset(_data()["s10"]["countries"].split())
