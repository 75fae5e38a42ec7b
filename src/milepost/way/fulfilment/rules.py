"""Pure decisions of fulfilment: what is left to pack, how far shipments and orders are, what may be written on a label."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from milepost.kernel.refusals import Refusal
from milepost.way.fulfilment.formats import Context, misread, recognise, same_carrier
from milepost.way.fulfilment.words import PackedLine, ParcelDraft, ParcelNews, Reached, State

_LEAST_ADVANCED_FIRST = (
    State.SHIPPED, State.IN_TRANSIT, State.LOST, State.ATTEMPT_FAILED, State.RETURNING, State.OUT_FOR_DELIVERY,
    State.READY_FOR_PICKUP, State.RETURNED, State.DELIVERED,
)  # fmt: skip
_STATE_RANK = {state: place for place, state in enumerate(_LEAST_ADVANCED_FIRST)}
_REACHED_RANK = {reached: place for place, reached in enumerate(Reached)}
_LONGEST_NUMBER = 40
_HEAVIEST = 2_000_000


def shipment_standing(parcels: Sequence[ParcelNews]) -> tuple[State, Reached, datetime | None]:
    """Where a shipment is, by its parcels: no further than the least advanced of them. Arrived when the last one did."""
    state = min((news.state for news in parcels), key=_STATE_RANK.__getitem__)
    reached = min((news.reached for news in parcels), key=_REACHED_RANK.__getitem__)
    arrived = [news.delivered_at for news in parcels if news.delivered_at is not None]
    return state, reached, max(arrived) if reached is Reached.DELIVERED and arrived else None


def order_stage(
    shipments: Iterable[tuple[State, Reached, datetime | None]], *, all_shipped: bool
) -> tuple[Reached, datetime | None] | None:
    """The stage of an order by its shipments: that of the least advanced; None while something is still in the house."""
    under_way = [shipment for shipment in shipments if shipment[0] is not State.CANCELLED]
    if not all_shipped or not under_way:
        return None
    reached = min((shipment[1] for shipment in under_way), key=_REACHED_RANK.__getitem__)
    arrived = [shipment[2] for shipment in under_way if shipment[2] is not None]
    return reached, max(arrived) if reached is Reached.DELIVERED and arrived else None


def fill(
    parcels: Sequence[ParcelDraft], *, available: Mapping[int, Decimal], unpacked: Mapping[int, Decimal]
) -> tuple[list[tuple[PackedLine, ...]], list[Refusal]]:
    """The lines of each parcel. A parcel without lines takes all that is available and not in another parcel.

    `unpacked`: what of each line is in no parcel yet; `available`: the part of it that is not waiting for stock.
    """
    refusals = [refusal for parcel in parcels for refusal in _bad_parcel(parcel, unpacked)]
    taken: dict[int, Decimal] = {}
    for parcel in parcels:
        for line in parcel.lines:
            taken[line.position] = taken.get(line.position, Decimal(0)) + line.quantity
    refusals += [_too_much(p, q, unpacked[p]) for p, q in taken.items() if p in unpacked and q > unpacked[p]]
    filled = []
    for parcel in parcels:
        rest = tuple(
            PackedLine(position=position, quantity=quantity - taken.get(position, Decimal(0)))
            for position, quantity in sorted(available.items())
            if quantity > taken.get(position, Decimal(0))
        )
        lines = parcel.lines or rest
        if not parcel.lines:
            taken.update({line.position: available[line.position] for line in rest})
        if not lines:
            refusals.append(NOTHING_TO_PACK)
        filled.append(lines)
    return filled, refusals


def _bad_parcel(parcel: ParcelDraft, unpacked: Mapping[int, Decimal]) -> Iterable[Refusal]:
    if parcel.weight_grams is not None and not 0 < parcel.weight_grams <= _HEAVIEST:
        yield BAD_WEIGHT
    for line in parcel.lines:
        if line.position not in unpacked:
            yield Refusal(
                code="unknown_line", says="The order has no line {position}.", do="Look at the order's lines.",
                field="lines", values={"position": line.position},
            )  # fmt: skip
        elif line.quantity <= 0:
            yield Refusal(
                code="bad_quantity", says="Line {position}: what is packed must be more than nothing.",
                do="Give a positive quantity, or leave the line out.", field="lines", values={"position": line.position},
            )  # fmt: skip


def _too_much(position: int, quantity: Decimal, left: Decimal) -> Refusal:
    return Refusal(
        code="more_than_ordered", says="Line {position}: {quantity} would be packed, only {left} is left to pack.",
        do="Pack what is left, or amend the order first.", field="lines",
        values={"position": position, "quantity": f"{quantity:f}", "left": f"{left:f}"},
    )  # fmt: skip


def bad_numbers(numbers: Sequence[str], parcels: int, carrier: str = "", *, confirmed: bool = False) -> list[Refusal]:
    """What is wrong with the carrier's tracking numbers for this many parcels."""
    if not numbers:
        return []
    if len(numbers) != parcels:
        return [WRONG_COUNT]
    fine = (n.isascii() and n.isalnum() and 4 <= len(n) <= _LONGEST_NUMBER for n in numbers)
    if len(set(numbers)) != len(numbers):
        return [SAME_NUMBER]
    if not all(fine):
        return [BAD_NUMBER]
    return [] if confirmed else [replace(MISREAD, values={"number": n}) for n in numbers if misread(n, carrier)]


SURE = 60
"""From this confidence on, in percent, a carrier is told by its number alone."""


def carrier_of(number: str, context: Context) -> str | Refusal:
    """The shop's carrier whose number it is, or why that cannot be told. Without carriers of its own the format's name serves."""
    candidates = recognise(number, context)
    if not candidates or candidates[0].confidence < SURE:
        names = ", ".join(f"{one.name} ({one.confidence} %)" for one in candidates[:4]) or "no form that we know"
        return replace(WHOSE_NUMBER, values={"number": number, "names": names})
    found = candidates[0].carrier
    return next((ours for ours in sorted(context.carriers) if same_carrier(ours, found)), found)


NOT_RELEASED = Refusal(
    code="not_released",
    says="Order {order_id} is not on the warehouse's desk.",
    do="Confirm it first; a cancelled or shipped order cannot be packed.",
    status=409,
    field="order_id",
)
NOTHING_TO_PACK = Refusal(
    code="nothing_to_pack",
    says="Nothing of the order is left to pack, or what is left waits for stock.",
    do="Look at its parcels and backorders.",
    status=409,
    field="parcels",
)
KEPT_TOGETHER = Refusal(
    code="kept_together",
    says="The customer wants all of the order together, and a part of it still waits for stock.",
    do="Wait for the stock, or record that the customer wants the rest now.",
    status=409,
    field="order_id",
)
BAD_WEIGHT = Refusal(
    code="bad_weight",
    says="A parcel weighs between 1 g and 2 t.",
    do="Weigh it again, or leave the weight out.",
    field="weight_grams",
)
NO_SHIPMENT = Refusal(
    code="no_shipment",
    says="There is no packed shipment {shipment_id} of this order.",
    do="Look at its shipments: it may have been handed over already.",
    status=409,
    field="shipment_id",
)
PACKED_ALREADY = Refusal(
    code="packed_already",
    says="Line {position}: {packed} of it is packed already.",
    do="Take the parcel apart first, or amend no further than that.",
    status=409,
    field="lines",
)
WRONG_COUNT = Refusal(
    code="wrong_count",
    says="There must be one tracking number for each parcel.",
    do="Give as many numbers as there are parcels, or none to get ours.",
    field="tracking_numbers",
)
SAME_NUMBER = Refusal(
    code="same_number",
    says="Two parcels have the same tracking number.",
    do="Read the labels again.",
    field="tracking_numbers",
)
MISREAD = Refusal(
    code="misread_number",
    says="The check digit of {number} is wrong: a character was misread.",
    do="Read the label again; if it really says so, send it once more as confirmed.",
    field="tracking_numbers",
)
NO_CARRIER = Refusal(
    code="no_carrier",
    says="It is not said who takes the parcels.",
    do="Name the carrier, or give its tracking numbers.",
    field="carrier",
)
WHOSE_NUMBER = Refusal(
    code="whose_number",
    says="{number} does not tell its carrier: it may be of {names}.",
    do="Name the carrier.",
    field="carrier",
)
UNKNOWN_PARCEL = Refusal(
    code="unknown_parcel",
    says="No parcel {parcel_id} was handed over.",
    do="Look at the shipments of its order.",
    status=404,
    field="parcel_id",
)
OUR_OWN_NUMBER = Refusal(
    code="our_own_number",
    says="Parcel {parcel_id} goes with our own drivers under our own number.",
    do="Leave its label as it is.",
    status=409,
    field="parcel_id",
)
BAD_NUMBER = Refusal(
    code="bad_number",
    says="A tracking number has 4 to 40 letters and digits.",
    do="Read the label again.",
    field="tracking_numbers",
)
TWICE = Refusal(
    code="twice_in_batch",
    says="The same order stands twice in this batch.",
    do="Put all its parcels into one packing.",
    field="order_id",
)
