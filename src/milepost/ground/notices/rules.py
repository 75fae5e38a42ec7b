"""Pure decisions about notices: what an attempt's result means, when to try again, what replaces what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from milepost.ground.notices.words import CallOutcome, Reason, Result, State

LADDER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))
"""How long to wait after each "later" of the other side: the last try is about 17 h after the first (ACK-2: 24 h)."""

ABSENCE = timedelta(minutes=2)
LONGEST_ABSENCE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What becomes of a notice after an attempt: its verb, when it is due again, why, and the sentence for its trace."""

    verb: str
    says: str
    due_at: datetime | None = None
    reason: Reason = Reason.NONE
    failures: int = 0


def after(
    result: str, *, detail: str, sender: str, attempts: int, failures: int, now: datetime,
    ladder: Sequence[timedelta] = LADDER, ways: int = 1,
) -> Verdict:  # fmt: skip
    """What an attempt's result means for its notice.

    A sender that is not there is nobody's failure: the notice waits, up to a quarter of an hour at a time, for as long as it
    takes; where its channel has several `ways`, the next is tried at once, and it waits when each has been. A worker that
    stopped before handing over has sent nothing: the notice is due at once.
    """
    words = f" ({detail})" if detail else ""
    match result:
        case Result.SENT:
            return Verdict(verb="arrive", says=f"Sent by {sender}.")
        case Result.CALLING:
            return Verdict(verb="ring", failures=failures, says="It is told by phone; somebody has the call to make.")
        case Result.LAPSED:
            return _later(now, failures, "The worker stopped before the message was handed over; it is sent anew.")
        case Result.UNREACHABLE if attempts % ways:
            return _later(now, failures, f"{sender} could not be reached{words}; another sender is tried.")
        case Result.UNREACHABLE:
            wait = min(ABSENCE * attempts, LONGEST_ABSENCE)
            says = f"{sender} could not be reached{words}; tried again in {_minutes(wait)}."
            return _later(now + wait, failures, says)
        case Result.DEFERRED if failures < len(ladder):
            wait = ladder[failures]
            says = f"{sender} asked for patience{words}; tried again in {_minutes(wait)}."
            return _later(now + wait, failures + 1, says)
        case Result.DEFERRED:
            return Verdict(
                verb="fail", reason=Reason.GAVE_UP, failures=failures + 1,
                says=f"Given up after {failures + 1} tries{words}.",
            )  # fmt: skip
        case Result.REFUSED:
            return Verdict(
                verb="fail", reason=Reason.REFUSED, failures=failures + 1, says=f"{sender} refused it for good{words}."
            )
        case Result.UNKNOWN:
            return Verdict(
                verb="lose", reason=Reason.NO_WORD, failures=failures,
                says=f"Word broke off while it was handed to {sender}, which cannot tell whether it has it{words}.",
            )  # fmt: skip
    raise ValueError(f"no attempt ends as {result!r}")


def _later(due_at: datetime, failures: int, says: str) -> Verdict:
    return Verdict(verb="defer", due_at=due_at, failures=failures, says=says)


def after_call(
    outcome: CallOutcome, *, failures: int, tries: int, voicemail_tells: bool, again_at: datetime
) -> Verdict:
    """What a call means for its notice: told, to be tried again at a better time, or for somebody to tell another way."""
    match outcome:
        case CallOutcome.REACHED | CallOutcome.NO_MORE_CALLS:
            return Verdict(verb="arrive", says="Told by phone.")
        case CallOutcome.VOICEMAIL if voicemail_tells:
            return Verdict(verb="arrive", says="Left on the answering machine.")
        case CallOutcome.WRONG_NUMBER:
            return Verdict(
                verb="fail", reason=Reason.WRONG_NUMBER, failures=failures + 1, says="The number is somebody else's."
            )
    if failures + 1 < tries:
        return Verdict(
            verb="defer",
            due_at=again_at,
            failures=failures + 1,
            says="Nobody answered; called again at the next good time.",
        )
    return Verdict(
        verb="fail", reason=Reason.GAVE_UP, failures=failures + 1, says=f"Nobody answered in {failures + 1} calls."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a notice stands among those of the same order, recipient and channel."""

    template: str
    milestone: str
    rank: int
    planned_at: datetime
    state: str
    lasting: bool = False
    several: bool = False
    """Whether others of the same template tell of something else, such as another shipment."""


def replaced_by(notice: Place, others: Iterable[Place]) -> Place | None:
    """The later milestone that makes this notice old news, or None (NTF-1).

    A higher rank replaces a lower one, and the newest of one template replaces the older ones, because each tells the present
    state. What was itself suppressed or superseded replaces nothing; what is lasting is never replaced.
    """
    if notice.lasting:
        return None
    later = (other for other in others if other.state in _TELLING and _is_later(other, notice))
    return max(later, key=lambda other: (other.rank, other.planned_at), default=None)


_TELLING = frozenset({State.PLANNED, State.SENDING, State.SENT, State.UNKNOWN})


def _is_later(other: Place, notice: Place) -> bool:
    if other.rank != notice.rank:
        return other.rank > notice.rank
    return other.template == notice.template and not notice.several and other.planned_at > notice.planned_at


def _minutes(wait: timedelta) -> str:
    minutes = int(wait.total_seconds() // 60)
    if minutes < 120:
        return "1 minute" if minutes == 1 else f"{minutes} minutes"
    return f"{minutes // 60} hours"
