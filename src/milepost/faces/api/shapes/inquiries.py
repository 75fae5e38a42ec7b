"""What customers ask, as it is sent and told."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from milepost.faces.api.shapes.terms import MANY_LINES, Name, OrderName, Sent, Told
from milepost.way.care.words import Topic

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8000, pattern=MANY_LINES)]


class InquiryIn(Sent):
    """Something that a customer asked in a system of yours. It goes on with the order's conversation, or opens one."""

    order: OrderName
    channel: Annotated[
        Literal["chat", "portal", "phone", "sms", "in_person", "email"],
        Field(description="Where it was asked. What comes by chat or portal is answered on the order's page, and by e-mail."),
    ] = "chat"  # fmt: skip
    words: Words
    topic: Annotated[Topic | None, Field(strict=False, description="What it is about; a question unless said.")] = None
    name: Name = ""


class InquiriesIn(Sent):
    """Inquiries: all or none."""

    inquiries: Annotated[list[InquiryIn], Field(min_length=1, max_length=500)]


class InquiryOut(Told):
    """Where an inquiry is kept, and by when it is answered."""

    order: str
    conversation: UUID
    interaction: UUID
    answer_by: datetime | None


class InquiriesOut(Told):
    """What was received, in the order in which it was sent."""

    inquiries: list[InquiryOut]


class InteractionOut(Told):
    """One contact with the customer. `direction` is `in` from them and `out` from us."""

    id: UUID
    channel: str
    direction: str
    at: datetime
    words: str
    outcome: str
    read_at: datetime | None


class ConversationOut(Told):
    """A conversation with its contacts, first to last; what staff note for themselves is not told."""

    id: UUID
    state: str
    topic: str
    opened_at: datetime
    answer_by: datetime | None
    closed_at: datetime | None
    interactions: list[InteractionOut]


class ConversationsOut(Told):
    """All conversations about an order, the newest first."""

    reference: str
    conversations: list[ConversationOut]
