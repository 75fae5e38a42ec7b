"""Documents that machines send, and files that come by machines' ways: kept first, answered in their own form, worked on from
the store (REC-1). What cannot be worked on stays in the store, is somebody's duty, and can be retried."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any
from uuid import UUID

from milepost.ground import journal
from milepost.ground.arrivals import commands as arrivals
from milepost.ground.arrivals import queries as kept_arrivals
from milepost.ground.arrivals.words import AnswerDraft, ArrivalCard, Kept, Outcome, State
from milepost.ground.parties import queries as parties
from milepost.ground.parties.words import CustomerCard
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal
from milepost.way.intake import documents
from milepost.way.intake.commands.receive import receive
from milepost.way.intake.ports import answerer
from milepost.way.intake.words import AS_IT_STANDS, DocumentReceipt, Incoming, OrderSheet, Receipt

SOURCE = "document"
CHANNEL, NAME, ASKED = "Milepost-Channel", "Milepost-Name", "Milepost-Sender"
TOLD = 5
REUSED = Refusal(
    code="control_number_reused", says="Another document came under this number from the same sender: {number}.",
    do="Ask the sender whether it is new, and to send it again under a number of its own.",
)  # fmt: skip


def keep_document(
    body: bytes, *, sender: str, act: Act, name: str = "", content_type: str = "", form: str = "", asked: bool = False,
    state: State | None = None,
) -> DocumentReceipt:  # fmt: skip
    """Keep a document byte for byte, and answer it in its own form; its orders are received from the store.

    The same document again is not kept again and is answered as the first time. Another one under the same control number is
    kept and refused. With `asked`, its form's acknowledgement is made even where none is expected; with `state` OPEN somebody else
    sees to its orders. Refuses `unknown_form` (415).
    """
    reader = documents.reader_for(body, form)
    sheet = documents.read(body, sender=sender, form=reader.name)
    with journal.together():
        kept = _keep(body, sheet, sender, name, content_type or reader.content_type, act, state=state)
        if kept.repeated and not _is_same(kept.id, body):
            kept = _keep_reused(body, sheet, sender, name, content_type or reader.content_type, act)
            sheet = replace(sheet, incoming=(), refusals=(kept.refusal or REUSED,))
        if not kept.repeated:
            acknowledge({kept.id: (reader.name, body)}, reused=kept.refusal is not None, asked=asked, act=act)
        return DocumentReceipt(arrival_id=kept.id, sheet=sheet, repeated=kept.repeated, refusals=sheet.refusals)


def keep_unread(body: bytes, *, sender: str, refusal: Refusal, content_type: str, act: Act) -> Kept:
    """Keep what is of no form that anybody reads, with its duty; a reader that knows it one day can be tried on it."""
    return arrivals.keep(
        SOURCE, sender=sender, content_type=content_type, headers={ASKED: sender}, body=body, act=act,
        delivery_id=f"unread:{sender}#{sha256(body).hexdigest()}", refusal=refusal, state=State.REFUSED,
    )  # fmt: skip


def _keep(
    body: bytes, sheet: OrderSheet, sender: str, name: str, content_type: str, act: Act, *, refusal: Refusal | None = None,
    mark: str = "", state: State | None = None,
) -> Kept:  # fmt: skip
    """Documents with an envelope are known by its parties and number, files by whoever sent them and their bytes."""
    exchange = sheet.exchange
    whose = f"{sender}#{sha256(body).hexdigest()}"
    if exchange and exchange.number:
        whose = f"{exchange.sender}>{exchange.receiver}#{exchange.number}"
    return arrivals.keep(
        SOURCE, sender=exchange.sender if exchange else sender, content_type=content_type, body=body, act=act,
        headers={CHANNEL: _channel(sheet, act), NAME: name, ASKED: sender}, delivery_id=f"{sheet.form}:{whose}{mark}",
        topic=sheet.form, about=_numbers(sheet), refusal=refusal, state=State.REFUSED if refusal else state,
    )  # fmt: skip


def _channel(sheet: OrderSheet, act: Act) -> str:
    """By which way its orders count as having come: the mail that they came with, else files or machines' documents."""
    return act.channel if act.channel in ("email", "portal") else "file" if sheet.form in documents.TABLES else "edi"


def _numbers(sheet: OrderSheet) -> str:
    return ", ".join(str(one.origins.get("order", "")) for one in sheet.incoming)[:120]


def _is_same(arrival_id: UUID, body: bytes) -> bool:
    original = kept_arrivals.original(arrival_id)
    return original is not None and original.body == body


def _keep_reused(body: bytes, sheet: OrderSheet, sender: str, name: str, content_type: str, act: Act) -> Kept:
    number = sheet.exchange.number if sheet.exchange else ""
    refusal = replace(REUSED, values={"number": number})
    return _keep(body, sheet, sender, name, content_type, act, refusal=refusal, mark=f"!{sha256(body).hexdigest()}")


def acknowledge(
    bodies: Mapping[UUID, tuple[str, bytes]], *, act: Act, reused: bool = False, asked: bool = False
) -> None:
    """Keep what the senders of these documents are told of having got them, where their form tells it. Two statements."""
    numbers = iter(documents.answer_numbers(len(bodies)))
    drafts = []
    for arrival_id, (form, body) in bodies.items():
        who = answerer(form)
        answer = (
            who.acknowledge(body, number=next(numbers), at=act.recorded_at, asked=asked, reused=reused) if who else None
        )
        if answer is not None:
            drafts.append(
                AnswerDraft(
                    arrival_id=arrival_id,
                    kind=answer.kind,
                    name=answer.name,
                    content_type=answer.content_type,
                    body=answer.body,
                )
            )
    if drafts:
        arrivals.keep_answers(drafts, act=act)


@dataclass(slots=True)
class _Work:
    """One document on its way: what was read in it, what of it was placed before and is placed now, and what was refused."""

    card: ArrivalCard
    sheet: OrderSheet
    placed: dict[int, tuple[int, str]] = field(default_factory=dict)
    refused: list[tuple[str, Refusal]] = field(default_factory=list)


def take_documents(cards: Sequence[ArrivalCard], act: Act) -> list[Outcome]:
    """Receive the orders of documents; the handler of the source "document". Those that were placed before stay as they are.

    A constant number of statements for any number of documents of one channel.
    """
    layouts = documents.layouts({_asked_as(card) for card in cards if card.topic in documents.TABLES})
    before = documents.placed_from([card.id for card in cards])
    works = []
    for card in cards:
        known = layouts.get(_asked_as(card))
        sheet = documents.read(card.body, form=card.topic, layout=known.layout if known else AS_IT_STANDS)
        works.append(_Work(card, sheet, dict(before.get(card.id, {}))))
    for channel, some in _by(works, lambda work: work.card.headers.get(CHANNEL, "edi")).items():
        _receive([work for work in some if not documents.is_trial(work.sheet)], replace(act, channel=channel))
    return [_outcome(work) for work in works]


def _asked_as(card: ArrivalCard) -> str:
    return card.headers.get(ASKED, "") or card.sender


def _by(works: Sequence[_Work], key: Callable[[_Work], str]) -> dict[str, list[_Work]]:
    found: dict[str, list[_Work]] = defaultdict(list)
    for work in works:
        found[key(work)].append(work)
    return found


def _receive(works: Sequence[_Work], act: Act) -> None:
    """Receive what was not placed before, all of it in one set."""
    wanted = [
        (work, place, one)
        for work in works
        for place, one in enumerate(work.sheet.incoming)
        if place not in work.placed
    ]
    if not wanted:
        return
    incoming = [_prepared(work, place, one, index) for index, (work, place, one) in enumerate(wanted)]
    receipts = receive_named(incoming, act=act)
    for (work, place, one), receipt in zip(wanted, receipts, strict=True):
        work.refused += [(str(one.origins.get("order", "")), reason) for reason in receipt.refusals]
        if not receipt.refusals:
            work.placed[place] = (receipt.order_id, receipt.reference)


def _prepared(work: _Work, place: int, one: Incoming, index: int) -> Incoming:
    about: dict[str, Any] = {
        "document": str(work.card.id),
        "place": place,
        "form": work.sheet.form,
        "name": work.card.headers.get(NAME, ""),
    }
    return replace(
        one, sender=work.card.sender, index=index, origins={**one.origins, **about}, arrived_at=work.card.received_at,
        arrival_id=work.card.id,
    )  # fmt: skip


def receive_named(incoming: Sequence[Incoming], *, act: Act) -> list[Receipt]:
    """Receive requests that name items and customers in their senders' ways; a receipt each, in their order.

    Items are found by any of their numbers, customers by the number under which their sender is known, and what is on record
    of them fills what the document does not say. Two statements more than `receive`.
    """
    good, refused = documents.name_items(incoming)
    receipts = {receipt.index: receipt for receipt in receive(_with_record(good), act=act)} if good else {}
    reasons: dict[int, list[Refusal]] = defaultdict(list)
    for reason in refused:
        reasons[reason.index or 0].append(reason)
    return [receipts.get(one.index) or Receipt(index=one.index, refusals=tuple(reasons[one.index])) for one in incoming]


def _with_record(incoming: Sequence[Incoming]) -> list[Incoming]:
    """What a document leaves out of its customer, as we have it on record; origins say so."""
    known = parties.with_references([one.draft.customer.external_ref for one in incoming])
    return [_completed(one, known.get(one.draft.customer.external_ref)) for one in incoming]


def _completed(one: Incoming, card: CustomerCard | None) -> Incoming:
    customer = one.draft.customer
    missing = {
        name: getattr(card, name)
        for name in ("name", "email", "phone", "language", "zone")
        if card is not None and not getattr(customer, name) and getattr(card, name)
    }
    if not missing:
        return one
    said = {f"customer.{name}": {"from": "record", "sure": "certain", "text": "", "span": None} for name in missing}
    return replace(
        one, draft=replace(one.draft, customer=replace(customer, **missing)), origins={**one.origins, **said}
    )


def _outcome(work: _Work) -> Outcome:
    """Processed when all of it are orders; refused, for a clerk, while any part is not."""
    order_id = next((order_id for order_id, _ in work.placed.values()), None)
    about = _numbers(work.sheet)
    reasons = [*(("", reason) for reason in work.sheet.refusals), *work.refused]
    if reasons:
        code = "columns_unknown" if work.sheet.is_to_be_mapped else reasons[0][1].code
        return Outcome(
            state=State.REFUSED, code=code[:40], sentence=_sentence(work, reasons), about=about, order_id=order_id
        )
    if documents.is_trial(work.sheet):
        return Outcome(state=State.IGNORED, code="trial", sentence=documents.TRIAL.sentence, about=about)
    return Outcome(state=State.PROCESSED, about=about, order_id=order_id)


def _sentence(work: _Work, reasons: Sequence[tuple[str, Refusal]]) -> str:
    """Why, order by order, with what was placed all the same."""
    told = [f"{order}: {_said(reason)}" if order else _said(reason) for order, reason in reasons[:TOLD]]
    if len(reasons) > TOLD:
        told.append(f"… and {len(reasons) - TOLD} more.")
    if work.placed:
        told.append(f"Placed: {', '.join(reference for _, reference in work.placed.values())}.")
    return " ".join(told)


def _said(reason: Refusal) -> str:
    return " ".join(filter(None, (reason.sentence, reason.next_step)))
