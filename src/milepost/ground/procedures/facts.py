"""What happens to procedures: their revision history (REV-1)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from milepost.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ProcedureFact(Fact):
    """A fact of one version of a document."""

    stream: ClassVar[str] = "procedure"
    says: ClassVar[str] = ""
    document_id: int
    kind_of_document: str
    name: str
    version: int

    @property
    def stream_id(self) -> int:
        return self.document_id


@dataclass(frozen=True, kw_only=True)
class ProcedureDrafted(ProcedureFact):
    """Somebody wrote a new version."""

    says: ClassVar[str] = "{kind_of_document} {name}: version {version} drafted"


@dataclass(frozen=True, kw_only=True)
class ProcedureRewritten(ProcedureFact):
    """Its author went on with a draft that nobody has reviewed yet."""

    says: ClassVar[str] = "{kind_of_document} {name}: version {version} rewritten"


@dataclass(frozen=True, kw_only=True)
class ProcedureReviewed(ProcedureFact):
    """Somebody else has read it and agrees."""

    says: ClassVar[str] = "{kind_of_document} {name}: version {version} reviewed"


@dataclass(frozen=True, kw_only=True)
class ProcedurePublished(ProcedureFact):
    """It is signed and will be in force from a day on."""

    says: ClassVar[str] = "{kind_of_document} {name}: version {version} published, effective {effective_on}"
    effective_on: date


@dataclass(frozen=True, kw_only=True)
class ProcedureInForce(ProcedureFact):
    """It is what the house works by now; `replaces` is the document that it puts out of force."""

    says: ClassVar[str] = "{kind_of_document} {name}: version {version} in force, to be reviewed by {review_due_on}"
    review_due_on: date
    replaces: int | None = None


@dataclass(frozen=True, kw_only=True)
class ProcedureKept(ProcedureFact):
    """Somebody looked at it again, as is due every quarter or year, and it stays as it is."""

    says: ClassVar[str] = (
        "{kind_of_document} {name}: version {version} reviewed and kept, to be reviewed by {review_due_on}"
    )
    review_due_on: date
