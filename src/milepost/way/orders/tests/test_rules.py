"""Rules of orders, told without a database."""

import pytest

from milepost.way.orders import rules
from milepost.way.orders.states import ORDER
from milepost.way.orders.words import STAGES, State


@pytest.mark.clause("HND-2")
@pytest.mark.parametrize("start", STAGES)
@pytest.mark.parametrize("goal", STAGES)
def test_an_order_can_follow_its_shipments_from_any_stage_after_packing_to_any_other(start: State, goal: State) -> None:
    verb = rules.verb_towards(start, goal)
    forwards = STAGES.index(goal) > STAGES.index(start)
    if start == goal:
        assert verb is None
    elif verb is not None:
        assert ORDER.target(start, verb) == goal
    else:
        before_shipping = (State.CONFIRMED, State.PROCESSING, State.PACKED)
        assert (forwards and start in before_shipping) or (not forwards and goal in before_shipping)


@pytest.mark.parametrize("state", [State.COMPLETED, State.CLOSED, State.CANCELLED, State.RECEIVED])
def test_an_order_outside_the_stages_does_not_follow(state: State) -> None:
    assert rules.verb_towards(state, State.DELIVERED) is None


def test_what_left_the_house_is_written_off_and_what_did_not_is_cancelled() -> None:
    assert rules.cancel_verb(State.IN_TRANSIT) == "write_off"
    assert rules.cancel_verb(State.PACKED) == "cancel"
    assert not ORDER.allows(State.DELIVERED, rules.cancel_verb(State.DELIVERED))
