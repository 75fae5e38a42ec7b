"""What is said over the API about tracking numbers and labels."""

from typing import Annotated

from pydantic import Field, StringConstraints

from milepost.faces.api.shapes.terms import ONE_LINE, OrderName, Sent, Told, Word

Country = Annotated[str, StringConstraints(pattern="^([A-Z]{2})?$")]
TypedNumber = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=ONE_LINE)]


class CandidateOut(Told):
    """A carrier whose number it may be. `confidence` is in percent over all candidates; `parts` what the number says itself."""

    carrier: str
    name: str
    format: str
    confidence: int
    checked: Annotated[bool, Field(description="Whether the form has a check digit, which is right then.")]
    link: str
    parts: dict[str, str]
    reasons: list[str]


class CandidatesOut(Told):
    """The number as it is kept, and whose it may be, the likeliest first."""

    number: str
    candidates: list[CandidateOut]


class LabelCorrectionIn(Sent):
    """What really stands on the label of a parcel of `order` that we have under `tracking_number`; what is left out stays."""

    order: OrderName
    tracking_number: Annotated[Word, Field(min_length=1)]
    carrier: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40, pattern=ONE_LINE)] = ""
    right_number: Word = ""


class LabelCorrectionsIn(Sent):
    """Labels to correct: all or none."""

    corrections: Annotated[list[LabelCorrectionIn], Field(min_length=1, max_length=1000)]


class LabelsOut(Told):
    """How many labels changed."""

    corrected: int
