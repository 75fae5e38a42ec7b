"""Which conversation something belongs to: a named one, the one that goes on with the same person, or a new one."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from django.db.models import Q

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.kernel.ids import new_id
from milepost.kernel.refusals import Refusal, refuse_any
from milepost.way.care.models import Conversation
from milepost.way.care.rules import goes_on
from milepost.way.care.words import Channel, State, Topic, Whose
from milepost.way.orders import queries as orders

UNKNOWN_CONVERSATION = Refusal(
    code="unknown_conversation", says="There is no such conversation.", do="Look at the list of conversations again.", status=404,
)  # fmt: skip
UNKNOWN_ORDER = Refusal(
    code="unknown_order", says="There is no such order.", do="Check the number.", status=404, field="order_id"
)
NOBODY = Refusal(
    code="nobody", says="It is not said with whom it was.", do="Name the order, the customer or the conversation."
)
NOTHING_SAID = Refusal(code="nothing_said", says="There are no words in it.", do="Write a few words.", field="words")

Key: TypeAlias = tuple[int | None, int | None, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What a conversation is looked for by, and what a new one begins with."""

    whose: Whose
    conversation_id: UUID | None
    channel: Channel
    topic: Topic
    name: str = ""
    subject: str = ""
    language: str = ""
    state: State = State.OPEN

    @property
    def key(self) -> Key:
        """By which one that goes on is found."""
        return self.whose.order_id, self.whose.customer_id, self.whose.address


def named(whose: Sequence[Whose], conversation_ids: Sequence[UUID | None]) -> list[Whose]:
    """Each with the customer of its order, unless a stranger wrote. One statement, none without orders.

    Refuses, by index, `unknown_order` (404) and `nobody`.
    """
    wanted = {one.order_id for one in whose if one.order_id is not None}
    known = orders.contacts(wanted) if wanted else {}
    refuse_any(_unknown(whose, conversation_ids, known.keys()))
    return [
        Whose(order_id=one.order_id, customer_id=known[one.order_id].customer_id)
        if one.order_id is not None and not one.address
        else one
        for one in whose
    ]


def _unknown(
    whose: Sequence[Whose], conversation_ids: Sequence[UUID | None], known: Collection[int]
) -> Iterable[Refusal]:
    for index, (one, conversation_id) in enumerate(zip(whose, conversation_ids, strict=True)):
        if one.order_id is not None and one.order_id not in known:
            yield UNKNOWN_ORDER.at(index=index)
        if one.order_id is None and one.customer_id is None and not one.address and conversation_id is None:
            yield NOBODY.at(index=index)


def locked(conversation_ids: Collection[UUID]) -> dict[UUID, Conversation]:
    """These conversations, locked in one order. One statement. Refuses, by index, `unknown_conversation` (404)."""
    wanted = list(conversation_ids)
    rows = Conversation.objects.select_for_update().filter(id__in=wanted).order_by("id")
    found = {row.id: row for row in rows}
    refuse_any(UNKNOWN_CONVERSATION.at(index=index) for index, one in enumerate(wanted) if one not in found)
    return found


def found_or_new(sought: Sequence[Sought], *, reopen_days: int, act: Act) -> list[Conversation]:
    """The conversation of each, locked; two by the same person share one. At most three statements.

    A named one that was closed goes on for some days, unless another one goes on with the same person. Refuses
    `unknown_conversation` (404).
    """
    rows = _locked_for(sought)
    by_id = {row.id: row for row in rows}
    going = {_key(row): row for row in rows if row.state != State.CLOSED}
    refuse_any(
        UNKNOWN_CONVERSATION.at(index=index)
        for index, one in enumerate(sought)
        if one.conversation_id is not None and one.conversation_id not in by_id
    )
    named = [_named(one, by_id, going, reopen_days, act) for one in sought]
    keys = {
        _key(by_id[one.conversation_id]) if one.conversation_id else one.key: one
        for one, row in zip(sought, named, strict=True)
        if row is None
    }
    going |= _begun({key: one for key, one in keys.items() if key not in going}, act)
    return [
        row or going[_key(by_id[one.conversation_id]) if one.conversation_id else one.key]
        for one, row in zip(sought, named, strict=True)
    ]


def _locked_for(sought: Sequence[Sought]) -> list[Conversation]:
    ids = [one.conversation_id for one in sought if one.conversation_id]
    which = Q(id__in=ids)
    keys = {one.key for one in sought if not one.conversation_id}
    if orders_of := [key[0] for key in keys if key[0] is not None]:
        which |= ~Q(state=State.CLOSED) & Q(order_id__in=orders_of)
    if customers := [key[1] for key in keys if key[0] is None and key[1] is not None]:
        which |= ~Q(state=State.CLOSED) & Q(order_id=None, customer_id__in=customers)
    if addresses := [key[2] for key in keys if key[0] is None and key[1] is None]:
        which |= ~Q(state=State.CLOSED) & Q(order_id=None, address__in=addresses)
    return list(Conversation.objects.select_for_update().filter(which).order_by("id"))


def _key(row: Conversation) -> Key:
    return row.order_id, row.customer_id, row.address


def _named(
    one: Sought, by_id: Mapping[UUID, Conversation], going: Mapping[Key, Conversation], reopen_days: int, act: Act
) -> Conversation | None:
    """The named conversation, or the one that goes on instead of it; None where a new one begins."""
    if one.conversation_id is None:
        return going.get(one.key)
    row = by_id[one.conversation_id]
    if row.state != State.CLOSED:
        return row
    if _key(row) in going:
        return going[_key(row)]
    return row if goes_on(row.closed_at, act.at, reopen_days) else None


def _begun(wanted: Mapping[Key, Sought], act: Act) -> dict[Key, Conversation]:
    """New conversations; where another was faster, theirs."""
    if not wanted:
        return {}
    rows = [
        Conversation(
            id=new_id(), order_id=key[0], customer_id=key[1], address=key[2], name=one.name, subject=one.subject,
            language=one.language, topic=one.topic, channel=one.channel, state=one.state, opened_at=act.at, last_at=act.at,
        )
        for key, one in wanted.items()
    ]  # fmt: skip
    values = [
        (
            row.id, row.order_id, row.customer_id, row.address, row.name, row.subject, row.language, row.topic, row.channel,
            row.state, row.opened_at, row.last_at,
        )
        for row in rows
    ]  # fmt: skip
    new = {key for (key,) in journal.returned(_BEGIN, values)}
    begun = {_key(row): row for row in rows if row.id in new}
    if len(begun) < len(wanted):
        begun |= {
            _key(row): row
            for row in _locked_for([one for key, one in wanted.items() if key not in begun])
            if row.state != State.CLOSED and _key(row) in wanted
        }
    return begun


_BEGIN = """
INSERT INTO care_conversation (id, order_id, customer_id, address, name, subject, language, topic, channel, state, opened_at,
    last_at, message_id)
SELECT w.*, '' FROM unnest(%b::uuid[], %b::bigint[], %b::bigint[], %b::text[], %b::text[], %b::text[], %b::text[], %b::text[],
    %b::text[], %b::text[], %b::timestamptz[], %b::timestamptz[]) AS w
ON CONFLICT DO NOTHING RETURNING id
"""
