"""What the rooms say of orders at this moment; everything that a letter may state."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from milepost.ground.access import links
from milepost.ground.parties import queries as parties
from milepost.way.cases import queries as cases
from milepost.way.cases.words import OfferCard
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

    @property
    def is_short(self) -> bool:
        """Whether any line waits for stock."""
        return any(line.short > 0 for line in self.stock.values())


def read(order_ids: Collection[int], *, now: datetime, asked: Collection[int] = ()) -> dict[int, Account]:
    """The accounts of these orders. Thirteen statements for any number, seven more where something was short, two more where
    customers are `asked` something."""
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
        )
        for order_id, card in cards.items()
    }  # fmt: skip
