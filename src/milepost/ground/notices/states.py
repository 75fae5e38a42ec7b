"""The transition table of notices. A notice shown where people look for themselves begins as *sent*."""

from milepost.ground.notices.words import State
from milepost.kernel.transitions import Machine, Transition, step

NOTICE = Machine(
    name="a notice",
    initial=State.PLANNED,
    final=frozenset({State.SENT, State.SUPERSEDED, State.SUPPRESSED, State.FAILED}),
    transitions=(
        Transition(State.PLANNED, "claim", State.SENDING),
        *step("arrive", (State.SENDING, State.UNKNOWN), State.SENT),
        *step("defer", (State.SENDING, State.UNKNOWN), State.PLANNED),
        *step("fail", (State.SENDING, State.UNKNOWN), State.FAILED),
        Transition(State.SENDING, "lose", State.UNKNOWN),
        Transition(State.SENDING, "suppress", State.SUPPRESSED),
        Transition(State.SENDING, "supersede", State.SUPERSEDED),
        *step(
            "mark_as_sent",
            (State.UNKNOWN, State.FAILED, State.SUPPRESSED),
            State.SENT,
            "customer_service",
            "it_support",
        ),
        *step(
            "send_again",
            (State.UNKNOWN, State.FAILED, State.SUPPRESSED),
            State.PLANNED,
            "customer_service",
            "it_support",
        ),
    ),
)
