"""The shapes of documents: what became of one, and what its sender was answered."""

from datetime import datetime
from uuid import UUID

from milepost.faces.api.answers import ErrorOut
from milepost.faces.api.shapes.terms import Told


class DocumentLinksOut(Told):
    """Where to look for what became of it."""

    self: str


class KeptOut(Told):
    """The document is kept and was read; its orders are received from the store within a second or so.

    `repeated` means that the very same document came before: nothing is done twice. `refused` says what could not be read.
    """

    id: UUID
    form: str
    orders: int
    repeated: bool
    refused: list[ErrorOut]
    links: DocumentLinksOut


class DocumentOrderOut(Told):
    """An order that was placed from the document."""

    reference: str
    purchase_order: str
    state: str


class DocumentAnswerOut(Told):
    """An answer in the document's own form: 997, 855, CONTRL, ORDRSP, OrderResponse."""

    id: UUID
    kind: str
    name: str
    content_type: str
    made_at: datetime
    fetched_at: datetime | None
    link: str


class DocumentOut(Told):
    """What became of a document: `state` is received, processed, refused (a clerk looks at it), ignored or open."""

    id: UUID
    form: str
    state: str
    code: str
    sentence: str
    received_at: datetime
    orders: list[DocumentOrderOut]
    answers: list[DocumentAnswerOut]
