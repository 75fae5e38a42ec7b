"""A random walk through the verbs of stock: after each step sums agree, nothing is oversold, and nobody waits beside free stock.

`MILEPOST_STOCK_STEPS=100000` walks so many steps; without it a thousand.
"""

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from milepost.kernel.refusals import Refused
from milepost.way.stock import commands, queries
from milepost.way.stock.words import (
    Arrival,
    Leaving,
    LineNeed,
    MovementKind,
    StockReceipt,
    SupplyDraft,
    WantedReservation,
)
from tests import cast

STEPS = int(os.environ.get("MILEPOST_STOCK_STEPS", "1000"))
A_WALK = 50
PLACES = ("MAIN", "NORTH")
ORDERS = 4
few = st.integers(1, 6)
lines = st.tuples(st.integers(0, ORDERS - 1), st.integers(1, 2))
items = st.integers(0, 2)
places = st.sampled_from(PLACES)


def refused(verb: Callable[[], object]) -> str:
    """The code with which a verb is refused; nothing when it is not."""
    try:
        verb()
    except Refused as refusal:
        return refusal.refusals[0].code
    return ""


class Walk(RuleBasedStateMachine):
    """Four orders of two lines over three items and two places; what each line needs is kept beside the books."""

    @initialize()
    def begin(self) -> None:
        self.world = transaction.atomic()
        self.world.__enter__()
        self.now = cast.MONDAY
        self.items = list(cast.catalogue().values())
        drafts = [cast.draft(external_ref=f"W-{number}") for number in range(ORDERS)]
        self.orders = cast.ordered(*drafts)
        self.needs = {
            (order_id, position): (self.items[position - 1], Decimal(position))
            for order_id in self.orders
            for position in (1, 2)
        }
        self.supplies: list[object] = []

    def teardown(self) -> None:
        if hasattr(self, "world"):
            transaction.set_rollback(True)
            self.world.__exit__(None, None, None)

    @property
    def act(self):
        self.now += timedelta(minutes=1)
        return replace(cast.OMAR, at=self.now, recorded_at=self.now, reason="because")

    @rule(item=items, place=places, quantity=few)
    def receive(self, item: int, place: str, quantity: int) -> None:
        self._book(item, place, Decimal(quantity), MovementKind.RECEIPT)

    @rule(item=items, place=places, quantity=few)
    def find_less(self, item: int, place: str, quantity: int) -> None:
        self._book(item, place, Decimal(-quantity), MovementKind.COUNT)

    def _book(self, item: int, place: str, quantity: Decimal, kind: MovementKind) -> None:
        receipt = StockReceipt(item_id=self.items[item], location=place, quantity=quantity, kind=kind)
        assert refused(lambda: commands.receive_stock([receipt], act=self.act)) in ("", "less_than_allocated")

    @rule(line=lines, item=items, quantity=st.integers(0, 6))
    def amend(self, line: tuple[int, int], item: int, quantity: int) -> None:
        key = (self.orders[line[0]], line[1])
        was, _ = self.needs[key]
        gone = queries.of_lines([key[0]]).get(key[0], {}).get(key[1])
        shipped = gone.shipped if gone else Decimal(0)
        now = was if shipped else self.items[item]
        self.needs[key] = (now, max(Decimal(quantity), shipped))
        need = LineNeed(order_id=key[0], position=key[1], item_id=now, was_item_id=was, quantity=self.needs[key][1])
        commands.adjust([need], act=self.act)

    @rule(order=st.integers(0, ORDERS - 1))
    def give_up(self, order: int) -> None:
        order_id = self.orders[order]
        commands.release([order_id], act=self.act)
        of_lines = queries.of_lines([order_id]).get(order_id, {})
        for position in (1, 2):
            shipped = of_lines[position].shipped if position in of_lines else Decimal(0)
            self.needs[order_id, position] = (self.needs[order_id, position][0], shipped)

    @rule(line=lines, quantity=few)
    def ship(self, line: tuple[int, int], quantity: int) -> None:
        order_id, position = self.orders[line[0]], line[1]
        of_line = queries.of_lines([order_id]).get(order_id, {}).get(position)
        there = of_line.allocated if of_line else Decimal(0)
        leaving = Leaving(order_id=order_id, position=position, quantity=Decimal(quantity))
        outcome = refused(lambda: commands.ship_out([leaving], act=self.act))
        assert outcome == ("not_allocated" if quantity > there else "")

    @rule(order=st.integers(0, ORDERS - 1), item=items, quantity=few, minutes=st.integers(1, 30))
    def reserve(self, order: int, item: int, quantity: int, minutes: int) -> None:
        act = self.act
        wanted = WantedReservation(
            order_id=self.orders[order], position=1, item_id=self.items[item], quantity=Decimal(quantity),
            expires_at=act.at + timedelta(minutes=minutes),
        )  # fmt: skip
        free = queries.availability([self.items[item]])[self.items[item]].free
        assert commands.reserve([wanted], act=act) == [quantity <= free]

    @rule(order=st.integers(0, ORDERS - 1))
    def let_go(self, order: int) -> None:
        commands.let_go([self.orders[order]], act=self.act)

    @rule()
    def lapse(self) -> None:
        commands.lapse_reservations(act=self.act)

    @rule(order=st.integers(0, ORDERS - 1))
    def put_first(self, order: int) -> None:
        waits = queries.still_waiting([self.orders[order]])
        outcome = refused(lambda: commands.give_to([self.orders[order]], act=self.act))
        assert outcome == ("" if waits else "nothing_waits")

    @rule(item=items, quantity=few, place=places)
    def announce(self, item: int, quantity: int, place: str) -> None:
        draft = SupplyDraft(item_id=self.items[item], location=place, quantity=Decimal(quantity))
        self.supplies += commands.expect_supply([draft], act=self.act)

    @precondition(lambda self: self.supplies)
    @rule()
    def arrive(self) -> None:
        commands.arrive([Arrival(supply_id=self.supplies.pop())], act=self.act)

    @invariant()
    def the_books_agree(self) -> None:
        if not hasattr(self, "world"):
            return
        with connection.cursor() as cursor:
            cursor.execute(DISAGREEMENTS)
            assert cursor.fetchall() == []

    @invariant()
    def every_line_has_what_it_needs_or_waits_for_it(self) -> None:
        if not hasattr(self, "world"):
            return
        found = queries.of_lines(self.orders)
        for (order_id, position), (_, needed) in self.needs.items():
            line = found.get(order_id, {}).get(position)
            has = line.allocated + line.shipped + line.short if line else Decimal(0)
            assert has == needed, (order_id, position)

    @invariant()
    def nobody_waits_beside_free_stock(self) -> None:
        if not hasattr(self, "world"):
            return
        waiting: Counter[int] = Counter(one.item_id for one in queries.queue(self.items))
        free = queries.availability(self.items)
        assert [item for item in waiting if free[item].free > 0] == []


DISAGREEMENTS = """
SELECT v.item_id, v.location_id, v.on_hand, v.allocated, v.reserved,
    (SELECT coalesce(sum(m.quantity), 0) FROM stock_movement m WHERE (m.item_id, m.location_id) = (v.item_id, v.location_id)),
    (SELECT coalesce(sum(a.quantity), 0) FROM stock_allocation a
        WHERE (a.item_id, a.location_id) = (v.item_id, v.location_id) AND a.state = 'open'),
    (SELECT coalesce(sum(r.quantity), 0) FROM stock_reservation r
        WHERE (r.item_id, r.location_id) = (v.item_id, v.location_id) AND r.state = 'held')
FROM stock_level v
WHERE v.on_hand <> (SELECT coalesce(sum(m.quantity), 0) FROM stock_movement m
        WHERE (m.item_id, m.location_id) = (v.item_id, v.location_id))
    OR v.allocated <> (SELECT coalesce(sum(a.quantity), 0) FROM stock_allocation a
        WHERE (a.item_id, a.location_id) = (v.item_id, v.location_id) AND a.state = 'open')
    OR v.reserved <> (SELECT coalesce(sum(r.quantity), 0) FROM stock_reservation r
        WHERE (r.item_id, r.location_id) = (v.item_id, v.location_id) AND r.state = 'held')
    OR v.allocated + v.reserved > v.on_hand
"""


@pytest.mark.slow
@pytest.mark.clause("STK-1")
@pytest.mark.clause("STK-2")
@pytest.mark.django_db(transaction=True)
def test_whatever_happens_to_stock_sums_agree_and_nothing_is_sold_twice() -> None:
    walk = settings(
        max_examples=max(STEPS // A_WALK, 1), stateful_step_count=A_WALK, deadline=None, database=None,
        suppress_health_check=list(HealthCheck), print_blob=True,
    )  # fmt: skip
    run_state_machine_as_test(Walk, settings=walk)
