"""Every transition table of the house: each state can be reached, and from each an end can be reached."""

import pytest

from milepost.config.docs import machines
from milepost.kernel.transitions import Machine, Transition, step

MACHINES = machines()


def test_the_walk_finds_the_tables_of_orders_and_shipments():
    assert {"milepost.way.orders.states.ORDER", "milepost.way.fulfilment.states.SHIPMENT"} <= MACHINES.keys()


@pytest.mark.clause("HND-2")
@pytest.mark.parametrize("name", MACHINES)
def test_no_state_is_a_trap_and_none_an_orphan(name):
    machine = MACHINES[name]
    assert machine.traps() == frozenset()
    assert machine.orphans() == frozenset()


@pytest.mark.parametrize("name", MACHINES)
def test_no_verb_leads_from_one_state_to_two(name):
    steps = [(t.source, t.verb) for t in MACHINES[name].transitions]
    assert len(steps) == len(set(steps))


@pytest.mark.parametrize("name", MACHINES)
def test_what_may_be_said_is_refused_nowhere_and_the_rest_everywhere(name):
    machine = MACHINES[name]
    verbs = {t.verb for t in machine.transitions}
    known = {(t.source, t.verb) for t in machine.transitions}
    for state in machine.states:
        for verb in verbs:
            assert machine.allows(state, verb) == ((state, verb) in known)


def test_a_trap_and_an_orphan_would_be_found():
    broken = Machine(
        name="a thing",
        initial="new",
        final=frozenset({"done"}),
        transitions=(
            Transition("new", "finish", "done"),
            Transition("new", "park", "parked"),
            Transition("lost", "find", "done"),
        ),
    )
    assert broken.traps() == {"parked"}
    assert broken.orphans() == {"lost"}


def test_a_tangle_is_drawn_as_one_box_and_a_loose_table_arrow_by_arrow():
    places = ("a", "b", "c", "d", "e", "f")
    tangled = Machine(
        name="a thing", initial="new", final=frozenset({"a"}),
        transitions=(
            Transition("new", "send", "a"), *(t for p in places for t in step(f"to_{p}", set(places) - {p}, p)),
        ),
    )  # fmt: skip
    assert tangled.tangle() == set(places)
    assert "new --> a: send" in tangled.drawing()
    assert "a --> b" not in tangled.drawing()
    loose = Machine(name="a thing", initial="a", final=frozenset({"b"}), transitions=step("go", ("a", "c"), "b"))
    assert loose.tangle() == frozenset()
    assert "a --> b: go" in loose.drawing()
