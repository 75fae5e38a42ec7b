"""The story of an order in plain sentences: filtered by what it is about, by whom and by words, with the cause of each fact, a page
at a time (INQ-1, RECD-2)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from django.http import QueryDict

from milepost.faces.desk.people import People
from milepost.faces.look.sentences import told_plainly
from milepost.ground.journal import queries as journal
from milepost.ground.journal.queries import Retold, Told
from milepost.kernel import facts

ON_ONE_PAGE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What of the story is asked for: of which room, of which kind, by whom, with which words, from where on."""

    room: str = ""
    kind: str = ""
    by: str = ""
    words: str = ""
    oldest_first: bool = False
    after: int | None = None

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.room or self.kind or self.by or self.words)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One fact of the story, who made it so, what it is about, and what caused it."""

    told: Told
    says: str
    by: str
    room: str
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A page of the story with what can be chosen; `next` is the address of the rest."""

    asked: Asked
    sentences: Sequence[Sentence]
    rooms: Sequence[str]
    kinds: Sequence[tuple[str, str]]
    people: Sequence[tuple[str, str]]
    total: int
    next: str = ""


def asked_for(said: QueryDict) -> Asked:
    """What somebody asks for in an address; what is nonsense is not asked for."""
    after = said.get("story_after", "")
    return Asked(
        room=said.get("story_room", "")[:40], kind=said.get("story_kind", "")[:80], by=said.get("story_by", "")[:80],
        words=said.get("story_words", "").strip()[:200], oldest_first=said.get("story_order") == "oldest",
        after=int(after) if after.isdecimal() and len(after) < 10 else None,
    )  # fmt: skip


def story_of(order_id: int, asked: Asked, named: People) -> Story:
    """A page of the story. Two statements; only where words are looked for, all of it is read."""
    voices = journal.voices(order_id)
    known = sorted({kind for kind, _, _ in voices}, key=kind_in_words)
    kinds = [kind for kind in known if asked.room in ("", room_of(kind)) and asked.kind in ("", kind)]
    found: list[Retold] = []
    if kinds:
        found = journal.chapter(
            order_id, kinds=kinds if asked.narrowed else (), actors=[asked.by] if asked.by else (), after=asked.after,
            newest_first=not asked.oldest_first, limit=None if asked.words else ON_ONE_PAGE + 1,
        )  # fmt: skip
    if asked.words:
        found = [one for one in found if asked.words.casefold() in told_plainly(one.told).casefold()]
    shown, more = found[:ON_ONE_PAGE], found[ON_ONE_PAGE:]
    return Story(
        asked=asked, sentences=[_sentence(one, named) for one in shown],
        rooms=sorted({room_of(kind) for kind in known}), kinds=[(kind, kind_in_words(kind)) for kind in known],
        people=sorted({(actor, named.name(actor)) for _, actor, _ in voices}, key=lambda one: one[1]),
        total=sum(count for _, _, count in voices), next=_address(asked, shown[-1].told.sequence) if more else "",
    )  # fmt: skip


def _sentence(one: Retold, named: People) -> Sentence:
    cause = told_plainly(one.cause) if one.cause else ""
    return Sentence(one.told, told_plainly(one.told), named.name(one.told.actor), room_of(one.told.kind), cause)


def _address(asked: Asked, after: int) -> str:
    said = QueryDict(mutable=True)
    values: Mapping[str, str] = {
        "story_room": asked.room, "story_kind": asked.kind, "story_by": asked.by, "story_words": asked.words,
        "story_order": "oldest" if asked.oldest_first else "", "story_after": str(after),
    }  # fmt: skip
    for name, value in values.items():
        if value:
            said[name] = value
    return said.urlencode()


@cache
def room_of(kind: str) -> str:
    """The room that declared a kind of fact; of one that is declared no more the story itself."""
    declared = facts.kinds().get(kind)
    return declared.__module__.split(".")[-2] if declared else "journal"


_HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])")


@cache
def kind_in_words(kind: str) -> str:
    """The name of a kind of fact as people read it: `OrderConfirmed` reads “Order confirmed”."""
    return _HUMPS.sub(" ", kind).capitalize()
