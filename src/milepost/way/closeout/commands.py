"""Verbs of close-out: ask for acceptance, accept, dispute, rate; and what happens when nobody answers (CLO-1, CLO-2)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from django.db.models import QuerySet

from milepost.ground import journal
from milepost.ground.procedures import queries as procedures
from milepost.kernel.acts import Act
from milepost.kernel.ids import new_id
from milepost.kernel.refusals import Refusal, refuse_any
from milepost.kernel.texts import printable
from milepost.way.closeout.facts import (
    AcceptanceAsked,
    AcceptanceDoubted,
    AcceptanceWithdrawn,
    ClosingDaysPassed,
    FeedbackGiven,
    OrderAccepted,
    OrderDisputed,
)  # fmt: skip
from milepost.way.closeout.models import Acceptance, Feedback
from milepost.way.closeout.words import Answer, Dispute, Rating
from milepost.way.orders import queries as orders
from milepost.way.orders.words import State

LONGEST_COMMENT = 4000
_GIVEN = (Answer.ACCEPTED, Answer.SILENT)

NOT_ASKED = Refusal(
    code="not_asked",
    says="The order has not been delivered yet, so there is nothing to accept.",
    do="Wait for the delivery.",
    status=409,
    field="order_id",
)
ALREADY_ACCEPTED = Refusal(
    code="already_accepted",
    says="The goods were accepted before.",
    do="Write to us or call us: the contact stands in every message.",
    status=409,
    field="order_id",
)
BAD_RATING = Refusal(
    code="bad_rating", says="A rating is a number from 1 to 5.", do="Choose 1 (poor) to 5 (excellent).", field="rating"
)
UNKNOWN_ORDER = Refusal(
    code="unknown_order", says="There is no such order.", do="Check the number.", status=404, field="order_id"
)
NOTHING_WRONG = Refusal(
    code="nothing_said", says="What is wrong is not said.", do="Describe it in a few words.", field="what"
)


def ask_acceptance(order_ids: Sequence[int], *, act: Act) -> None:
    """The orders were delivered: ask whether all is well; silence for the procedure's days counts as yes (CLO-2)."""
    due_at = act.at + timedelta(days=procedures.book().closing.acceptance_days)
    rows = [
        Acceptance(order_id=order_id, state=Answer.ASKED, asked_at=act.at, due_at=due_at, history=act.history)
        for order_id in order_ids
    ]
    with journal.together():
        answered = set(
            Acceptance.objects.filter(order_id__in=list(order_ids), state__in=_GIVEN).values_list("order_id", flat=True)
        )
        Acceptance.objects.bulk_create(
            [row for row in rows if row.order_id not in answered],
            update_conflicts=True, unique_fields=["order_id"], update_fields=["state", "asked_at", "due_at", "history"],
        )  # fmt: skip
        journal.record(
            [AcceptanceAsked(order_id=row.order_id, due_at=due_at) for row in rows if row.order_id not in answered],
            act=act,
        )


def withdraw(order_ids: Sequence[int], *, act: Act) -> None:
    """The delivery was corrected: the question is taken back, and the yes that was only silence, until the order is closed.

    What the customer said and what is closed stands, and is told as doubtful. A dispute stands, too. Three statements.
    """
    with journal.together():
        rows, states = list(_locked(order_ids)), orders.states(order_ids)
        back = [row for row in rows if row.state == Answer.ASKED]
        back += [row for row in rows if row.state == Answer.SILENT and states[row.order_id] != State.CLOSED]
        Acceptance.objects.filter(order_id__in=[row.order_id for row in back]).update(
            state=Answer.WITHDRAWN, answered_at=None, answered_by="", close_due_at=None
        )
        doubtful = [row for row in rows if row.state in _GIVEN and row not in back]
        journal.record(
            [
                *(AcceptanceWithdrawn(order_id=row.order_id, was=row.state) for row in back),
                *(AcceptanceDoubted(order_id=row.order_id, how=row.state) for row in doubtful),
            ],
            act=act,
        )


def lock(order_ids: Sequence[int]) -> None:
    """For whoever is about to accept in several steps: lock these acceptances in one order for the rest of the transaction."""
    list(_locked(order_ids).values_list("order_id"))


def accept(order_ids: Sequence[int], *, act: Act) -> None:
    """The customer says that all is well, or a dispute was settled. Again changes nothing. Refuses `not_asked` (409)."""
    with journal.together():
        rows = {row.order_id: row for row in _locked(order_ids)}
        refuse_any(_not_asked(order_ids, rows))
        _accept([row for row in rows.values() if row.state not in _GIVEN], Answer.ACCEPTED, act)


def _accept(rows: Sequence[Acceptance], how: Answer, act: Act) -> None:
    if not rows:
        return
    order_ids = [row.order_id for row in rows]
    Acceptance.objects.filter(order_id__in=order_ids).update(
        state=how, answered_at=act.at, answered_by=act.actor,
        close_due_at=act.at + timedelta(days=procedures.book().closing.close_days),
    )  # fmt: skip
    journal.record([OrderAccepted(order_id=order_id, how=how) for order_id in order_ids], act=act)


def dispute(disputes: Sequence[Dispute], *, act: Act) -> None:
    """The customer says that something is wrong. Refuses, by index, `not_asked`, `already_accepted` (409), `nothing_said`."""
    order_ids = [one.order_id for one in disputes]
    with journal.together():
        rows = {row.order_id: row for row in _locked(order_ids)}
        refuse_any((*_not_asked(order_ids, rows), *_not_disputable(disputes, rows)))
        for one in disputes:
            row = rows[one.order_id]
            row.state, row.dispute = Answer.DISPUTED, printable(one.what, LONGEST_COMMENT)
            row.answered_at, row.answered_by = act.at, act.actor
        Acceptance.objects.bulk_update(rows.values(), ["state", "dispute", "answered_at", "answered_by"])
        journal.record([OrderDisputed(order_id=order_id) for order_id in rows], act=act)


def _not_asked(order_ids: Sequence[int], rows: Mapping[int, Acceptance]) -> list[Refusal]:
    return [
        NOT_ASKED.at(index=index)
        for index, order_id in enumerate(order_ids)
        if order_id not in rows or rows[order_id].state == Answer.WITHDRAWN
    ]


def _not_disputable(disputes: Sequence[Dispute], rows: Mapping[int, Acceptance]) -> Iterable[Refusal]:
    for index, one in enumerate(disputes):
        if one.order_id in rows and rows[one.order_id].state in _GIVEN:
            yield ALREADY_ACCEPTED.at(index=index)
        if not one.what.strip():
            yield NOTHING_WRONG.at(index=index)


def rate(ratings: Sequence[Rating], *, act: Act) -> None:
    """Keep reviews; several of one order all count (KPI-3). Refuses, by index, `bad_rating`, `unknown_order` (404)."""
    known = orders.states({rating.order_id for rating in ratings})
    refuse_any(_bad_ratings(ratings, known))
    rows = [
        Feedback(
            id=new_id(), order_id=one.order_id, rating=one.rating, comment=printable(one.comment, LONGEST_COMMENT),
            given_at=one.given_at or act.at, recorded_at=act.recorded_at, channel=act.channel,
        )
        for one in ratings
    ]  # fmt: skip
    with journal.together():
        Feedback.objects.bulk_create(rows)
        journal.record(
            [FeedbackGiven(order_id=row.order_id, feedback_id=row.id, rating=row.rating) for row in rows], act=act
        )


def _bad_ratings(ratings: Sequence[Rating], known: Mapping[int, str]) -> Iterable[Refusal]:
    for index, one in enumerate(ratings):
        if not 1 <= one.rating <= 5:
            yield BAD_RATING.at(index=index)
        if one.order_id not in known:
            yield UNKNOWN_ORDER.at(index=index)


def accept_silent(*, act: Act, limit: int = 500) -> int:
    """For the worker: those who did not answer in time accept by silence. Return how many."""
    with journal.together():
        due = Acceptance.objects.filter(state=Answer.ASKED, due_at__lte=act.at).order_by("due_at")
        rows = list(due.select_for_update(skip_locked=True)[:limit])
        for some, how in _by_history(rows, act):
            _accept(some, Answer.SILENT, how)
    return len(rows)


def close_due(*, act: Act, limit: int = 500) -> int:
    """For the worker: say of accepted orders that the days for objections have passed. Return how many.

    Of an order that somebody closed before that day there is nothing to say.
    """
    with journal.together():
        due = Acceptance.objects.filter(closed_at=None, close_due_at__lte=act.at).order_by("close_due_at")
        rows = list(due.select_for_update(skip_locked=True)[:limit])
        Acceptance.objects.filter(order_id__in=[row.order_id for row in rows]).update(closed_at=act.at)
        states = orders.states([row.order_id for row in rows])
        open_yet = [row for row in rows if states[row.order_id] == State.COMPLETED]
        for some, how in _by_history(open_yet, act):
            journal.record([ClosingDaysPassed(order_id=row.order_id) for row in some], act=how)
    return len(rows)


def _by_history(rows: Sequence[Acceptance], act: Act) -> list[tuple[list[Acceptance], Act]]:
    """What was imported as history stays history to its end: nobody is told."""
    return [
        ([row for row in rows if not row.history], act),
        ([row for row in rows if row.history], replace(act, history=True)),
    ]


def _locked(order_ids: Sequence[int]) -> QuerySet[Acceptance]:
    return Acceptance.objects.select_for_update().filter(order_id__in=list(order_ids)).order_by("order_id")
