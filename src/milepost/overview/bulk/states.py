"""The transition table of runs: tried first, then carried out; whatever does not come to its end is stopped or broken off."""

from milepost.kernel.transitions import Machine, Transition, step
from milepost.overview.bulk.words import AT_WORK, State

RUN = Machine(
    name="a bulk run",
    initial=State.GATHERING,
    final=frozenset({State.DONE, State.STOPPED, State.BROKEN}),
    transitions=(
        Transition(State.GATHERING, "try_out", State.TRYING),
        Transition(State.TRYING, "look_over", State.TRIED),
        Transition(State.TRIED, "start", State.RUNNING),
        Transition(State.RUNNING, "finish", State.DONE),
        *step("stop", (*AT_WORK, State.TRIED), State.STOPPED),
        *step("break_off", AT_WORK, State.BROKEN),
    ),
)
