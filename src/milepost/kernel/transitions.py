"""Transition tables: which verb leads from which state to which, and who may."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from milepost.kernel.refusals import Refusal, Refused


@dataclass(frozen=True, slots=True)
class Transition:
    """`verb` leads from `source` to `target`; `roles` may say it (empty: only the system, by reaction)."""

    source: str
    verb: str
    target: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Machine:
    """A transition table with its beginning and its ends; the only place where states are related."""

    name: str
    initial: str
    final: frozenset[str]
    transitions: tuple[Transition, ...]

    @cached_property
    def _targets(self) -> Mapping[tuple[str, str], Transition]:
        return {(t.source, t.verb): t for t in self.transitions}

    @cached_property
    def states(self) -> tuple[str, ...]:
        """All states in the order of their first mention."""
        seen = [self.initial, *(s for t in self.transitions for s in (t.source, t.target)), *sorted(self.final)]
        return tuple(dict.fromkeys(seen))

    def target(self, state: str, verb: str) -> str:
        """Where `verb` leads from `state`. Refuses with `not_now` (409) where it leads nowhere."""
        found = self._targets.get((state, verb))
        if found is None:
            raise Refused(self.not_now(state, verb))
        return found.target

    def allows(self, state: str, verb: str) -> bool:
        """Whether `verb` leads anywhere from `state`."""
        return (state, verb) in self._targets

    def verbs(self, state: str) -> tuple[Transition, ...]:
        """What can be said in `state`."""
        return tuple(t for t in self.transitions if t.source == state)

    def not_now(self, state: str, verb: str) -> Refusal:
        """The refusal of a verb in a state that does not know it, naming what is possible instead."""
        possible = ", ".join(t.verb for t in self.verbs(state)) or "nothing more"
        return Refusal(
            code="not_now",
            says="{name} that is {state} cannot {verb}.",
            do="Possible now: {possible}.",
            status=409,
            values={
                "name": f"{self.name.capitalize()}", "state": state.replace("_", " "), "verb": verb.replace("_", " "),
                "possible": possible.replace("_", " "),
            },
        )  # fmt: skip

    def reachable(self, start: str | None = None) -> frozenset[str]:
        """All states that can be reached from `start` (default: the initial one), itself included."""
        found, frontier = {start or self.initial}, [start or self.initial]
        while frontier:
            for step in self.verbs(frontier.pop()):
                if step.target not in found:
                    found.add(step.target)
                    frontier.append(step.target)
        return frozenset(found)

    def orphans(self) -> frozenset[str]:
        """States that cannot be reached at all."""
        return frozenset(self.states) - self.reachable()

    def traps(self) -> frozenset[str]:
        """States from which no end can be reached."""
        return frozenset(s for s in self.states if not self.reachable(s) & self.final)

    def tangle(self) -> frozenset[str]:
        """The states, if more than five, between which every step is possible, as where others tell us where things are."""
        steps = {(t.source, t.target) for t in self.transitions}
        both_ways = {s: {s, *(o for o in self.states if {(s, o), (o, s)} <= steps)} for s in self.states}
        found = max(both_ways.values(), key=len)
        return frozenset(found) if len(found) > 5 and all(found <= both_ways[s] for s in found) else frozenset()

    def drawing(self) -> str:
        """The table as a Mermaid state diagram; a tangle is one box, without its arrows."""
        inside = self.tangle()
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        if inside:
            lines += [
                '    state "from each to each" as tangle {',
                *(f"        {s}" for s in self.states if s in inside),
                "    }",
            ]
        lines += [
            f"    {t.source} --> {t.target}: {t.verb}" for t in self.transitions if not {t.source, t.target} <= inside
        ]
        lines += [f"    {state} --> [*]" for state in self.states if state in self.final]
        return "\n".join(lines)


def step(verb: str, sources: Iterable[str], target: str, *roles: str) -> tuple[Transition, ...]:
    """The same verb from several states to one."""
    return tuple(Transition(source, verb, target, roles) for source in sources)
