"""Reads of cases; each says how many statements it takes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count, DurationField, F, Q, Sum

from milepost.way.cases.models import Case, Offer, OfferedItem, OfferedLine
from milepost.way.cases.words import (
    CaseCard,
    CaseKind,
    Choice,
    Closed,
    FoundBy,
    LineChoice,
    OfferCard,
    OfferLine,
    OfferState,
    Outcome,
    Reason,
    Sign,
    StandIn,
)


def cases_of(order_ids: Iterable[int]) -> dict[int, list[CaseCard]]:
    """The cases of each order, first to last. One statement."""
    found: dict[int, list[CaseCard]] = defaultdict(list)
    for row in Case.objects.filter(order_id__in=list(order_ids)).order_by("found_at", "id"):
        found[row.order_id].append(card_of(row))
    return dict(found)


def these(case_ids: Sequence[UUID]) -> list[CaseCard]:
    """These cases in this order. One statement."""
    found = {row.id: card_of(row) for row in Case.objects.filter(id__in=list(case_ids))}
    return [found[one] for one in case_ids if one in found]


def delayed(order_ids: Iterable[int]) -> dict[int, CaseCard]:
    """The open delay of each order that has one and whose date it moves: the flag beside its state (HND-2). One statement."""
    rows = Case.objects.filter(order_id__in=list(order_ids), kind=CaseKind.DELAY, resolved_at=None)
    return {row.order_id: card for row in rows if (card := card_of(row)).moves_the_date}


def reasons(since: datetime, until: datetime) -> list[Reason]:
    """Why orders were delayed that were found so in a time, by cause and sign, the most frequent first (EXC-3). One statement."""
    moved = Q(new_latest_on__gt=F("due_was"))
    rows = Case.objects.filter(kind=CaseKind.DELAY, found_at__gte=since, found_at__lt=until).values("cause", "sign")
    counted = rows.annotate(
        found=Count("id"), moved=Count("id", filter=moved), open=Count("id", filter=Q(resolved_at=None)),
        time=Sum(F("new_latest_on") - F("due_was"), filter=moved, output_field=DurationField()),
    )  # fmt: skip
    return [
        Reason(
            cause=row["cause"], sign=Sign(row["sign"]), found=row["found"], moved=row["moved"], open=row["open"],
            days=row["time"].days if row["time"] else 0,
        )
        for row in counted.order_by("-found", "cause", "sign")
    ]  # fmt: skip


def open_cases(*, after: datetime | None = None, limit: int = 50) -> list[CaseCard]:
    """Open cases, the oldest first, keyset-paged by the instant they were found. One statement."""
    rows = Case.objects.filter(resolved_at=None).order_by("found_at")
    if after is not None:
        rows = rows.filter(found_at__gt=after)
    return [card_of(row) for row in rows[:limit]]


def card_of(row: Case) -> CaseCard:
    """A row as others see it."""
    return CaseCard(
        id=row.id, order_id=row.order_id, kind=CaseKind(row.kind), cause=row.cause, found_by=FoundBy(row.found_by),
        found_at=row.found_at, due_was=row.due_was, new_latest_on=row.new_latest_on, note=row.note,
        resolved_at=row.resolved_at, outcome=Outcome(row.outcome) if row.outcome else None,
        sign=Sign(row.sign) if row.sign else None, new_earliest_on=row.new_earliest_on, confidence=row.confidence,
        parcel_id=row.parcel_id,
    )  # fmt: skip


def offers_of(order_ids: Iterable[int]) -> dict[int, list[OfferCard]]:
    """What the customers of these orders were offered, first to last. Three statements, one where nothing was."""
    found: dict[int, list[OfferCard]] = defaultdict(list)
    for card in offer_cards(Offer.objects.filter(order_id__in=list(order_ids)).order_by("order_id", "made_at", "id")):
        found[card.order_id].append(card)
    return dict(found)


def latest_offers(order_ids: Iterable[int]) -> dict[int, OfferCard]:
    """The last offer of each order that has had one, open or settled. Three statements, one where there was none."""
    rows = Offer.objects.filter(order_id__in=list(order_ids)).order_by("order_id", "-made_at", "-id")
    return {card.order_id: card for card in offer_cards(rows.distinct("order_id"))}


def offer_cards(rows: Iterable[Offer]) -> list[OfferCard]:
    """Rows with their lines and what stands in for them. Two statements, none for no rows."""
    offers = list(rows)
    lines = _lines_of(offers) if offers else {}
    return [_offer_card(row, lines.get(row.id, ())) for row in offers]


def bare_card(row: Offer) -> OfferCard:
    """A row without its lines, for those who need not know them."""
    return _offer_card(row, ())


def _lines_of(offers: Sequence[Offer]) -> Mapping[UUID, Sequence[OfferLine]]:
    about = {"order_id__in": {row.order_id for row in offers}, "offer_id__in": [row.id for row in offers]}
    items: dict[tuple[UUID, int], list[StandIn]] = defaultdict(list)
    for item in OfferedItem.objects.filter(**about).order_by("position", "rank"):
        items[item.offer_id, item.position].append(
            StandIn(
                item_id=item.item_id, code=item.code, name=item.name, unit=item.unit, unit_price=item.unit_price,
                difference=item.difference, rank=item.rank, held=item.held,
            )
        )  # fmt: skip
    lines: dict[UUID, list[OfferLine]] = defaultdict(list)
    for row in OfferedLine.objects.filter(**about).order_by("position"):
        lines[row.offer_id].append(
            OfferLine(
                position=row.position, item_id=row.item_id, code=row.code, name=row.name, unit=row.unit, quantity=row.quantity,
                expected_on=row.expected_on, stand_ins=tuple(items[row.offer_id, row.position]), carried=row.carried,
                chosen=LineChoice(choice=Choice(row.choice), item_id=row.chosen_item_id) if row.choice else None,
            )
        )  # fmt: skip
    return lines


def _offer_card(row: Offer, lines: Sequence[OfferLine]) -> OfferCard:
    return OfferCard(
        id=row.id, order_id=row.order_id, state=OfferState(row.state), default=Choice(row.default), made_at=row.made_at,
        deadline_at=row.deadline_at, settled_at=row.settled_at, actor=row.actor, channel=row.channel, said_by=row.said_by,
        said_at=row.said_at, closed_because=Closed(row.closed_because), currency=row.currency, lines=tuple(lines),
    )  # fmt: skip
