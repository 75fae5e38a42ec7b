"""A transition table knows its ways, and admits its traps."""

import pytest

from milepost.kernel.refusals import Refused
from milepost.kernel.transitions import Machine, Transition

DOOR = Machine(
    name="a door",
    initial="open",
    final=frozenset({"bricked_up"}),
    transitions=(Transition("open", "shut", "shut"), Transition("shut", "brick_up", "bricked_up")),
)


def test_a_verb_leads_from_state_to_state() -> None:
    assert DOOR.target("open", "shut") == "shut"
    assert not DOOR.allows("shut", "shut")


def test_a_verb_out_of_season_is_refused_with_what_is_possible() -> None:
    with pytest.raises(Refused) as refused:
        DOOR.target("open", "brick_up")
    (refusal,) = refused.value.refusals
    assert (refusal.code, refusal.status) == ("not_now", 409)
    assert refusal.sentence == "A door that is open cannot brick up."
    assert refusal.next_step == "Possible now: shut."


def test_traps_and_orphans_are_found() -> None:
    assert not DOOR.traps()
    assert not DOOR.orphans()
    stuck = Machine("a door", "open", frozenset({"gone"}), (*DOOR.transitions, Transition("ajar", "shut", "shut")))
    assert stuck.traps() == {"open", "shut", "bricked_up", "ajar"}
    assert stuck.orphans() == {"gone", "ajar"}


def test_the_drawing_shows_every_step() -> None:
    assert "open --> shut: shut" in DOOR.drawing()
    assert "bricked_up --> [*]" in DOOR.drawing()
