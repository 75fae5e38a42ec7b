"""What is said, on its way through the verbs of this room, and what is noted of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from milepost.ground.arrivals import commands as arrivals
from milepost.ground.arrivals.words import ArrivalCard, Outcome, State
from milepost.ground.duties.commands import open_duties
from milepost.ground.duties.words import Wanted
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal
from milepost.way.intake.words import Draft, draft_from_json, draft_to_json
from milepost.way.shops import rules
from milepost.way.shops.models import ShopOrder
from milepost.way.shops.rules import Lines
from milepost.way.shops.words import Statement, Unmade


@dataclass(slots=True)
class Said:
    """One statement: the delivery that bears it, and the row of its order."""

    card: ArrivalCard
    statement: Statement
    row: ShopOrder

    @property
    def about(self) -> str:
        """The shop's order, as its other deliveries name it too."""
        return "#".join(filter(None, (self.statement.namespace, self.statement.number)))[-120:]

    @property
    def is_overtaken(self) -> bool:
        """Whether a later statement of the order was followed already."""
        return rules.is_overtaken(self.statement, said_at=self.row.said_at, rank=self.row.rank)

    def done(self, sentence: str, *, code: str = "", state: State = State.PROCESSED) -> Outcome:
        """It was carried out, or there is nothing to be carried out."""
        return Outcome(state=state, code=code, sentence=sentence, about=self.about, order_id=self.row.order_id)

    def refused(self, refusals: Sequence[Refusal]) -> Outcome:
        """It cannot be carried out as it stands."""
        found = outcome_of(State.REFUSED, refusals)
        return Outcome(
            state=found.state, code=found.code, sentence=found.sentence, about=self.about, order_id=self.row.order_id
        )


def outcome_of(state: State, reasons: Sequence[Refusal]) -> Outcome:
    """The outcome for these reasons; their sentences together, the next step of the first."""
    if not reasons:
        return Outcome(state=state)
    sentences = [*dict.fromkeys(one.sentence for one in reasons), reasons[0].next_step]
    return Outcome(state=state, code=reasons[0].code, sentence=" ".join(filter(None, sentences)))


def last_draft(row: ShopOrder) -> Draft:
    """What the shop said when it was last followed."""
    return draft_from_json(row.draft or {})


def lines_of(row: ShopOrder) -> Lines:
    """Where the shop's lines stand in our order."""
    known: dict[str, Any] = row.lines or {}
    return Lines(tuple(known.get("ids", ())), known.get("positions", {}))


def remember(said: Said, lines: Lines | None = None) -> None:
    """Note what was followed; one that was overtaken leaves the time of the later one. One statement."""
    row, statement = said.row, said.statement
    if not said.is_overtaken:
        row.said_at, row.rank = statement.said_at or row.said_at, statement.rank
    if lines is not None and statement.draft is not None:
        row.draft = orjson.loads(draft_to_json(statement.draft))
        row.lines = {"ids": list(lines.ids), "positions": dict(lines.positions)}
        row.refunded = statement.refunded
    row.save()


def overtake(said: Said, *, act: Act) -> None:
    """Earlier deliveries about the order that were refused or wait are settled by this one."""
    arrivals.overtake(said.card.source, said.about, but=said.card.id, act=act)


def hand_to_clerk(said: Said, unmade: Sequence[Unmade], *, act: Act) -> None:
    """What the shop changed and could not be made by itself becomes a duty that names each field and the reason."""
    fields = ", ".join(dict.fromkeys(one.field for one in unmade))
    reasons = " ".join(dict.fromkeys(one.why for one in unmade))
    open_duties(
        [
            Wanted(
                kind="settle_change", order_id=said.row.order_id, subject_kind="arrival", subject_id=str(said.card.id),
                says=f"The shop changed {fields} of its order, which could not be done here by itself: {reasons}"[:1000],
                data={"fields": [one.field for one in unmade], "arrival": str(said.card.id)},
            )
        ],
        act=act,
    )  # fmt: skip
