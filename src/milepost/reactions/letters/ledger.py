"""What the rooms say of orders at this moment; everything that a letter may state."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from milepost.ground.access import links
from milepost.ground.parties import queries as parties
from milepost.way.cases import queries as cases
from milepost.way.cases.words import CaseCard, OfferCard
from milepost.way.fulfilment import queries as fulfilment
from milepost.way.fulfilment.words import ParcelCard, ShipmentCard
from milepost.way.intake import queries as intake
from milepost.way.intake.questions import Question
from milepost.way.orders import queries as orders
from milepost.way.orders.words import OrderCard
from milepost.way.promising import queries as promising
from milepost.way.promising.words import Standing
from milepost.way.stock import queries as stock
from milepost.way.stock.queries import LineStock
from milepost.way.stock.words import Waiting
from milepost.way.tracking import queries as tracking
from milepost.way.tracking.links import queries as carriers_pages
from milepost.way.tracking.links.words import LinkState
from milepost.way.tracking.queries import LastWord
from milepost.way.tracking.words import Kind, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One order with its promise, its stock line by line, the parcels that were handed over and by whom they go,
    and its links' tokens."""

    order: OrderCard
    standing: Standing | None = None
    stock: Mapping[int, LineStock] = field(default_factory=dict)
    parcels: tuple[ParcelCard, ...] = ()
    carriers: Mapping[str, str] = field(default_factory=dict)
    track: str = ""
    feedback: str = ""
    questions: tuple[Question, ...] = ()
    questions_link: str = ""
    shipments: tuple[ShipmentCard, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    offer: OfferCard | None = None
    alternatives: str = ""
    cases: Mapping[str, CaseCard] = field(default_factory=dict)
    stages: Mapping[int, Stage] = field(default_factory=dict)
    words: Mapping[tuple[int, Kind], LastWord] = field(default_factory=dict)
    """What was said last of parcels that wait for somebody: where they can be collected, when the carrier tries again."""
    pages: Mapping[int, str] = field(default_factory=dict)
    """The carrier's page of each parcel, where it was looked at and is there."""
    unseen: frozenset[int] = frozenset()
    """The parcels whose carrier's page nobody has looked at yet."""

    @property
    def is_short(self) -> bool:
        """Whether any line waits for stock."""
        return any(line.short > 0 for line in self.stock.values())


def read(
    order_ids: Collection[int], *, now: datetime, asked: Collection[int] = (), troubled: Collection[int] = ()
) -> dict[int, Account]:
    """The accounts of these orders. Thirteen statements for any number, seven more where something was short, two more where
    customers are `asked` something, three more for cases and parcels of those that are `troubled`, one more where something has
    left."""
    wanted = sorted(order_ids)
    if not wanted:
        return {}
    cards, standing = orders.cards(wanted), promising.standing(wanted)
    lines, shipments = stock.of_lines(wanted), fulfilment.shipments_of(wanted)
    carriers = {code: carrier.name for code, carrier in parties.carriers().items()}
    track, feedback = links.make_all("track", wanted, now=now), links.make_all("feedback", wanted, now=now)
    short = [key for key, some in lines.items() if any(line.short for line in some.values())]
    waiting, offers = stock.waiting(short) if short else {}, cases.latest_offers(wanted)
    choices = links.make_all("alternatives", list(offers), now=now) if offers else {}
    questions = intake.questions(asked) if asked else {}
    answering = links.make_all("questions", list(asked), now=now) if asked else {}
    known, travelling = (cases.cases_of(troubled), tracking.progress(troubled)) if troubled else ({}, {})
    said = tracking.last_words(troubled, (Kind.ATTEMPT_FAILED, Kind.READY_FOR_PICKUP)) if troubled else {}
    left = [key for key, some in shipments.items() if any(one.shipped_at for one in some)]
    pages = carriers_pages.links(left) if left else {}
    shown = {key: page.url for key, page in pages.items() if page.can_be_shown}
    unseen = frozenset(key for key, page in pages.items() if page.state is LinkState.UNCHECKED)
    return {
        order_id: Account(
            order=card, standing=standing.get(order_id), stock=lines.get(order_id, {}),
            parcels=tuple(
                parcel for shipment in shipments.get(order_id, ()) for parcel in shipment.parcels if parcel.shipped_at
            ),
            carriers=carriers, track=track[order_id], feedback=feedback[order_id],
            shipments=tuple(shipments.get(order_id, ())), waiting=tuple(waiting.get(order_id, ())),
            questions=tuple(questions.get(order_id, ())), questions_link=answering.get(order_id, ""),
            offer=offers.get(order_id), alternatives=choices.get(order_id, ""),
            cases={str(case.id): case for case in known.get(order_id, ())},
            stages={parcel.parcel_id: parcel.stage for parcel in travelling.get(order_id, ())}, pages=shown,
            unseen=unseen, words=said,
        )
        for order_id, card in cards.items()
    }  # fmt: skip
