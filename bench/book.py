"""The client's book: what was asked under which key, what was answered; and what must be true of both and of the house's books.

Nothing here speaks to anybody, so that each rule can be shown a book that breaks it.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

ORDERS, BATCH = "/orders", "/orders/batch"
WELL = (200, 201)


class Answer(NamedTuple):
    """What came back for one sending: the bytes, and whether they were said to be those of the first time."""

    status: int
    replayed: bool
    body: bytes


@dataclass(slots=True)
class Call:
    """One body under one key, sent `wanted` times or more: until each of these times was answered."""

    key: str
    path: str
    tags: tuple[str, ...]
    request: bytes
    wanted: int = 1
    answers: list[Answer] = field(default_factory=list)

    @property
    def won(self) -> bool:
        """Whether it was carried out, as far as the answers say."""
        return any(answer.status in WELL for answer in self.answers)

    @property
    def body(self) -> Any:
        """What was asked."""
        return json.loads(self.request.partition(b"\r\n\r\n")[2])

    def orders(self) -> list[dict[str, Any]]:
        """The orders that were asked for."""
        asked = self.body
        return list(asked["orders"]) if self.path == BATCH else [asked]

    def placed(self) -> list[dict[str, Any]]:
        """The orders that were answered."""
        told = json.loads(next(answer.body for answer in self.answers if answer.status in WELL))
        return list(told["accepted"]) if self.path == BATCH else [told]


@dataclass
class Found:
    """What the house's books hold."""

    orders: Sequence[tuple[str, str]]
    """The tag (the shop's own number) and our reference of each order."""
    answers: Mapping[str, bytes]
    """The stored answer of each key."""


@dataclass
class Mail:
    """What became of messages: by our own reference the state, the order and the template of each, and what arrived where."""

    notices: Mapping[str, tuple[str, str, str]]
    arrived: Counter[str]
    asked_about: set[str]
    """The messages that a duty asks a person about, because nobody knows whether they left."""
    waited: bool = True
    """Whether all that was due had time to leave."""


def faults(calls: Sequence[Call], found: Found) -> list[str]:
    """Where orders or answers are not exactly once; empty when all is well."""
    return [*_answers(calls), *_keys(calls), *_orders(calls, found), *_stored(calls, found)]


def _answers(calls: Iterable[Call]) -> Iterator[str]:
    for call in calls:
        if len(call.answers) < call.wanted:
            yield f"{call.key}: {len(call.answers)} of {call.wanted} sendings were answered"
        for answer in call.answers:
            if answer.status not in WELL and not _refused_as_reused(answer):
                yield f"{call.key}: answered {answer.status} {answer.body[:200]!r}"
        if len({answer.body for answer in call.answers if answer.status in WELL}) > 1:
            yield f"{call.key}: its repetitions were answered with other bytes than the first time"
        if sum(answer.status in WELL and not answer.replayed for answer in call.answers) > 1:
            yield f"{call.key}: carried out anew for a repetition"
        if len({answer.status for answer in call.answers}) > 1:
            yield f"{call.key}: answered differently, {sorted({answer.status for answer in call.answers})}"


def _refused_as_reused(answer: Answer) -> bool:
    return answer.status == 422 and json.loads(answer.body)["errors"][0]["code"] == "key_reused"


def _keys(calls: Iterable[Call]) -> Iterator[str]:
    """Of the bodies under one key exactly one is carried out."""
    of_key: dict[str, list[Call]] = defaultdict(list)
    for call in calls:
        of_key[call.key].append(call)
    for key, several in of_key.items():
        won = sum(call.won for call in several)
        if won != 1:
            yield f"{key}: {won} of its {len(several)} bodies were carried out"


def _orders(calls: Iterable[Call], found: Found) -> Iterator[str]:
    told = {tag: reference for call in calls if call.won for tag, reference in _told(call)}
    kept = defaultdict(list)
    for tag, reference in found.orders:
        kept[tag].append(reference)
    for tag in {tag for call in calls if call.won for tag in call.tags} - told.keys():
        yield f"{tag}: its call was carried out, but no order was answered"
    for tag, reference in told.items():
        if tag not in kept:
            yield f"{tag}: answered as {reference}, but there is no such order"
        elif len(kept[tag]) > 1:
            yield f"{tag}: placed {len(kept[tag])} times, {', '.join(kept[tag])}"
        elif kept[tag] != [reference]:
            yield f"{tag}: answered as {reference}, but kept as {kept[tag][0]}"
    for tag in kept.keys() - told.keys():
        yield f"{tag}: an order that nobody was told of"
    for reference, times in Counter(reference for _, reference in found.orders).items():
        if times > 1:
            yield f"{reference}: the reference of {times} orders"


def _told(call: Call) -> Iterator[tuple[str, str]]:
    for told in call.placed():
        yield told["external_ref"], told["reference"]


def _stored(calls: Iterable[Call], found: Found) -> Iterator[str]:
    asked = set()
    for call in calls:
        asked.add(call.key)
        stored = found.answers.get(call.key)
        if call.won and not all(answer.body == stored for answer in call.answers if answer.status in WELL):
            yield f"{call.key}: the stored answer is not the one that was given"
    for key in found.answers.keys() - asked:
        yield f"{key}: an answer is stored for a key that nobody used"


def mail_faults(mail: Mail, orders: int) -> list[str]:
    """Where a message was sent twice or lost. What nobody knows is no fault as long as somebody is asked about it
    (docs/decisions/0003)."""
    return [*_twice(mail), *_books_of_mail(mail), *_acknowledgements(mail, orders)]


def _twice(mail: Mail) -> Iterator[str]:
    for reference, times in mail.arrived.items():
        if times > 1:
            yield f"message {reference} arrived {times} times"
    acknowledged = Counter(
        order
        for reference, (_, order, template) in mail.notices.items()
        if template == ACKNOWLEDGEMENT and reference in mail.arrived
    )
    for order, times in acknowledged.items():
        if times > 1:
            yield f"order {order} was acknowledged {times} times"


def _books_of_mail(mail: Mail) -> Iterator[str]:
    for reference in mail.arrived.keys() - mail.notices.keys():
        yield f"message {reference} arrived, but nobody planned it"
    for reference, (state, order, template) in mail.notices.items():
        if state == "sent" and reference not in mail.arrived:
            yield f"{template} of order {order} counts as sent, but never arrived"
        if reference in mail.arrived and state not in _MAY_HAVE_LEFT:
            yield f"{template} of order {order} arrived, but counts as {state}"
        if (state == "unknown") != (reference in mail.asked_about):
            yield f"{template} of order {order} is {state}, but {'no' if state == 'unknown' else 'a'} duty asks about it"


def _acknowledgements(mail: Mail, orders: int) -> Iterator[str]:
    states = {order: state for state, order, template in mail.notices.values() if template == ACKNOWLEDGEMENT}
    if len(states) != orders:
        yield f"{len(states)} of {orders} orders have an acknowledgement"
    fine = _SETTLED if mail.waited else (*_SETTLED, "planned", "sending")
    for state, times in Counter(states.values()).items():
        if state not in fine:
            yield f"{times} acknowledgements are {state}"


ACKNOWLEDGEMENT = "acknowledgement"
_SETTLED = ("sent", "unknown")
_MAY_HAVE_LEFT = (*_SETTLED, "sending")
"""While a worker that died holds a message, nobody has looked yet whether it left."""
