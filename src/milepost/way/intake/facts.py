"""What happens to order requests."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from milepost.ground.parties.facts import CustomerFact
from milepost.kernel.facts import Fact, OrderFact


@dataclass(frozen=True, kw_only=True)
class OrderReceived(OrderFact):
    """A request arrived, was kept as it came, and has its reference for life (REC-1, REC-2)."""

    says: ClassVar[str] = "Order received"
    opens: ClassVar[bool] = True
    reference: str
    request_id: UUID
    digest: str


@dataclass(frozen=True, kw_only=True)
class OrderVerified(OrderFact):
    """Every check of the procedure was made (VER-1)."""

    says: ClassVar[str] = "Order verified: {findings} findings, {blocking} blocking"
    findings: int
    blocking: int


@dataclass(frozen=True, kw_only=True)
class DiscrepanciesFound(OrderFact):
    """What was changed was looked at again, and something else is doubtful now (VER-3)."""

    says: ClassVar[str] = "Verified again: {findings} new findings, {blocking} blocking"
    findings: int
    blocking: int


@dataclass(frozen=True, kw_only=True)
class QuestionsAsked(OrderFact):
    """The customer is asked about all that is open, in one message (VER-3)."""

    says: ClassVar[str] = "The customer is asked {questions} questions"
    round: int
    questions: int


@dataclass(frozen=True, kw_only=True)
class QuestionsChased(OrderFact):
    """No answer came, so the customer is asked again (VER-3)."""

    says: ClassVar[str] = "The customer is reminded of {questions} questions"
    round: int
    questions: int


@dataclass(frozen=True, kw_only=True)
class QuestionsAnswered(OrderFact):
    """What was said about the order; the words themselves are in the answer's rows (VER-3)."""

    says: ClassVar[str] = "Answered: {fields}"
    answer_id: UUID
    fields: tuple[str, ...]
    corrected: int


@dataclass(frozen=True, kw_only=True)
class QuestionsOver(OrderFact):
    """No question waits for the customer any more."""

    says: ClassVar[str] = "No question is open any more"


@dataclass(frozen=True, kw_only=True)
class FindingSettled(OrderFact):
    """A discrepancy was clarified (VER-3)."""

    says: ClassVar[str] = "Settled: {field}, {outcome}"
    finding_id: UUID
    field: str
    outcome: str = ""


@dataclass(frozen=True, kw_only=True)
class HoldSettled(OrderFact):
    """Nothing that this hold waited for is open any more (VER-3)."""

    says: ClassVar[str] = "All that the hold {hold} waited for is settled"
    hold: str


@dataclass(frozen=True, kw_only=True)
class RequestOpened(OrderFact):
    """What was asked is not certain enough to be an order by itself: a person completes it (VER-3)."""

    says: ClassVar[str] = "To be completed by a person: {doubts} points are open"
    request_id: UUID
    doubts: int


@dataclass(frozen=True, kw_only=True)
class RequestCompleted(OrderFact):
    """A person said what is meant; the request becomes an order under the reference that it had from the first."""

    says: ClassVar[str] = "Completed by a person"
    request_id: UUID


@dataclass(frozen=True, kw_only=True)
class RequestDiscarded(OrderFact):
    """It was no order after all."""

    says: ClassVar[str] = "Discarded: {reason_code}"
    request_id: UUID
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class MailAsks(Fact):
    """A person wrote something that is no order; what it says stands in the original (INQ-3)."""

    stream: ClassVar[str] = "arrival"
    says: ClassVar[str] = "A message asks something ({topic})."
    arrival_id: UUID
    topic: str

    @property
    def stream_id(self) -> int:
        return self.arrival_id.int >> 65


@dataclass(frozen=True, kw_only=True)
class MailNotRead(CustomerFact):
    """A customer's message could not be read at all; they are asked to send it in another form (REC-1)."""

    says: ClassVar[str] = "A message could not be read: {reason}"
    arrival_id: UUID
    reason: str
