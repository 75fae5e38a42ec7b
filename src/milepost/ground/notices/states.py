"""The transition table of notices. A notice shown where people look for themselves begins as *sent*."""

from milepost.ground.notices.words import State
from milepost.kernel.transitions import Machine, Transition, step

NOTICE = Machine(
    name="a notice",
    initial=State.PLANNED,
    final=frozenset({State.SENT, State.SUPERSEDED, State.SUPPRESSED, State.FAILED}),
    transitions=(
        Transition(State.PLANNED, "claim", State.SENDING),
        Transition(State.SENDING, "ring", State.CALLING),
        *step("arrive", (State.SENDING, State.CALLING, State.UNKNOWN), State.SENT),
        *step("defer", (State.SENDING, State.CALLING, State.UNKNOWN), State.PLANNED),
        *step("fail", (State.SENDING, State.CALLING, State.UNKNOWN), State.FAILED),
        Transition(State.SENDING, "lose", State.UNKNOWN),
        *step("suppress", (State.SENDING, State.CALLING), State.SUPPRESSED),
        *step("supersede", (State.SENDING, State.CALLING), State.SUPERSEDED),
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
