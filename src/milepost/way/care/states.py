"""The transition table of conversations: what can be said in each state, and who may (INQ-3)."""

from milepost.kernel.transitions import Machine, Transition, step
from milepost.way.care.words import State

_ROLES = ("customer_service", "order_management", "logistics")
_GOING = (State.OPEN, State.ANSWERED, State.WAITING)

CONVERSATION = Machine(
    name="a conversation",
    initial=State.OPEN,
    final=frozenset({State.CLOSED}),
    transitions=(
        *step("receive", (State.ANSWERED, State.WAITING, State.CLOSED), State.OPEN),
        *step("answer", _GOING, State.ANSWERED, *_ROLES),
        *step("ask", _GOING, State.WAITING, *_ROLES),
        *step("close", _GOING, State.CLOSED, *_ROLES),
        Transition(State.CLOSED, "reopen", State.ANSWERED, _ROLES),
    ),
)
