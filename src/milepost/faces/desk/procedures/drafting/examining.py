"""What somebody typed as a document, and what is wrong with it, each at its field. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from milepost.faces.desk.procedures.drafting.labels import label
from milepost.faces.desk.procedures.drafting.places import Notes, Place, Sent
from milepost.faces.desk.procedures.drafting.shapes import Record
from milepost.ground.procedures.rules import read
from milepost.kernel.refusals import Refusal, Refused

ROOT = "d"
"""What the names of a document's fields begin with, so that none is one of the form's own."""
_FIELD = re.compile(r"\b[a-z]+(?:_[a-z]+)*\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """The body that was typed; its record where it can be read; what is wrong by field; and what is wrong with the whole."""

    body: dict[str, Any]
    record: Any = None
    wrong: Mapping[str, Sequence[Refusal]]
    refusals: tuple[Refusal, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether it can be kept."""
        return self.record is not None


def typed_in(shape: Record, came: Sent) -> dict[str, Any]:
    """What somebody typed into the form of this shape."""
    return shape.typed(came.at(ROOT))


def examine(kind: str, shape: Record, typed: Mapping[str, Any]) -> Examined:
    """Read what was typed as a document of its kind."""
    notes = Notes()
    body = shape.said(typed, Place(notes, ROOT))
    if notes.wrong:
        return Examined(body=body, wrong=notes.wrong)
    try:
        return Examined(body=body, record=read(kind, body), wrong={})
    except Refused as refused:
        general = tuple(_in_words(_reason(one), "") for one in refused.refusals if not _noted(notes, one))
        return Examined(body=body, wrong=notes.wrong, refusals=general)


def _noted(notes: Notes, refusal: Refusal) -> bool:
    """Note a refusal at its field; False for one that is of the whole."""
    path = tuple(refusal.field.split(".")) if refusal.field != "the whole" else ()
    reason = _reason(refusal)
    mentioned = [(*path, word) for word in _FIELD.findall(reason) if (*path, word) in notes.names]
    name = notes.names[mentioned[0]] if mentioned else notes.name_of(path)
    if not name:
        return False
    notes.add(name, _in_words(reason, name))
    return True


def _reason(refusal: Refusal) -> str:
    return str(refusal.values.get("reason", refusal.sentence)).rstrip(".")


def _in_words(reason: str, name: str) -> Refusal:
    said = _FIELD.sub(lambda found: f"“{label(found[0]).lower()}”" if "_" in found[0] else found[0], reason)
    return Refusal(
        code="bad_document",
        says="{reason}.",
        do="Correct it.",
        field=name,
        values={"reason": said[:1].upper() + said[1:]},
    )


def within(wrong: Mapping[str, Sequence[Refusal]], name: str) -> dict[str, Sequence[Refusal]]:
    """What is wrong in one row."""
    return {key: said for key, said in wrong.items() if key == name or key.startswith(f"{name}.")}
