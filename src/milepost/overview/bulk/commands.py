"""Verbs of bulk: prepare a run, start it, stop it; and the worker's look at all that are at work."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from milepost.ground import journal
from milepost.ground.access import queries as access
from milepost.ground.access.words import may
from milepost.kernel.acts import Act
from milepost.kernel.columns import columns
from milepost.kernel.refusals import Refusal, Refused, refuse_any
from milepost.overview.bulk import ports, rules
from milepost.overview.bulk.carrying import carry
from milepost.overview.bulk.effects import added, counted, said_to
from milepost.overview.bulk.facts import BulkEnded, BulkFact, BulkPrepared, BulkStarted
from milepost.overview.bulk.models import Row, Run
from milepost.overview.bulk.states import RUN
from milepost.overview.bulk.verbs import BY_NAME, NAMED, BulkVerb
from milepost.overview.bulk.words import AT_ONCE, AT_WORK, IN_A_SET, MOST_FAILURES, MOST_ROWS, Standing, State, Wish

NO_VERB = Refusal(
    code="no_verb", says="This cannot be done to many rows of this list.", do="Choose one of the list.", field="verb"
)
NOTHING_CHOSEN = Refusal(
    code="nothing_chosen", says="No row is chosen.", do="Tick rows of the list, or choose all that match.", field="key"
)  # fmt: skip
TOO_MANY = Refusal(
    code="too_many_rows", says="More than {most} rows match; that is as many as can be worked on at once.",
    do="Narrow the list, and do it in parts.", status=409, values={"most": f"{MOST_ROWS:,}"},
)  # fmt: skip
NOT_SAID = Refusal(
    code="not_said", says="Something that is needed was not said.", do="Fill in all fields.", field="values"
)
NO_RUN = Refusal(code="no_run", says="There is no such run.", do="Begin with the list.", status=404)
NOT_YOURS = Refusal(
    code="not_yours", says="Somebody else has prepared this.", do="Choose the rows yourself and look at what it would do.",
    status=403,
)  # fmt: skip
NO_LONGER = Refusal(
    code="no_longer", says="Whoever began this may no longer do it.", do="Ask somebody with the role to begin it anew.", status=403
)  # fmt: skip
OUR_ERROR = Refusal(
    code="our_error", says="It was broken off by an error of ours; what is done stays done.",
    do="Tell IT; the worker’s log has the error. Then begin anew with what is left.", status=500,
)  # fmt: skip


def prepare(wish: Wish, *, act: Act) -> int:
    """Keep what somebody wants done to many rows; it is tried first, and nothing is done before it is started. Returns the run.

    Refuses `no_verb`, `not_said`, `nothing_chosen`, `too_many_rows`.
    """
    verb = BY_NAME.get((wish.listing, wish.verb))
    if verb is None:
        raise Refused(NO_VERB)
    refuse_any([NOT_SAID] if any(not wish.values.get(name) for name in verb.needs) else [])
    with journal.together():
        run = Run.objects.create(
            listing=wish.listing, verb=wish.verb, values=dict(wish.values), search=dict(wish.search or {}), actor=act.actor,
            state=State.GATHERING, made_at=act.at,
        )  # fmt: skip
        journal.record([BulkPrepared(run_id=run.pk, listing=wish.listing, verb=wish.verb)], act=act)
        if wish.search is None:
            _add(run, wish.keys)
            refuse_any([NOTHING_CHOSEN] if not run.total else [TOO_MANY] if run.total > MOST_ROWS else [])
            _move(run, "try_out", act)
    return run.pk


def start(run_id: int, *, act: Act) -> None:
    """Have it done, by who has seen what it will do. Refuses `no_run`, `not_yours`, `not_now`."""
    with journal.together():
        run = _locked(run_id)
        if run.actor != act.actor:
            raise Refused(NOT_YOURS)
        _move(run, "start", act, began_at=act.at)


def stop(run_id: int, *, act: Act) -> None:
    """Nothing more is done; what is done stays done. Refuses `no_run`, `not_now`."""
    with journal.together():
        _move(_locked(run_id), "stop", act, ended_at=act.at)


def carry_on(run_id: int, *, now: Callable[[], datetime]) -> None:
    """Do all of a short run that can be done by itself, at once; a long one is left to the worker."""
    while Run.objects.filter(pk=run_id, state__in=AT_WORK, total__lte=AT_ONCE).exclude(state=State.GATHERING).exists():
        if not step(run_id, now=now()):
            return


def work(now: datetime) -> int:
    """One set of one run that is at work, for the worker; return how many rows it had.

    Any number of workers may call it: a set is one transaction with its progress, so nothing is done twice and nothing is lost,
    whenever one is killed. A set that fails again and again by an error of ours breaks its run off.
    """
    with transaction.atomic():
        run = _any_at_work()
        if run is None:
            return 0
        if run.failures >= MOST_FAILURES:
            _end(run, "break_off", OUR_ERROR, Act.now("system:bulk", channel="worker", now=now))
            return 1
        Run.objects.filter(pk=run.pk).update(failures=F("failures") + 1)
    return step(run.pk, now=now)


def _any_at_work() -> Run | None:
    """Some run that is at work and that nobody works on; any of them, so that a long one does not keep the others waiting."""
    rows = Run.objects.filter(state__in=AT_WORK).select_for_update(skip_locked=True)
    return rows.order_by("?").first()


def step(run_id: int, *, now: datetime) -> int:
    """The next set of a run in one transaction; return how many rows it had, 0 where somebody else is at it or nothing is left."""
    with transaction.atomic():
        run = Run.objects.select_for_update(skip_locked=True).filter(pk=run_id, state__in=AT_WORK).first()
        if run is None:
            return 0
        run.failures = 0
        verb = BY_NAME[run.listing, run.verb]
        act = Act.now(run.actor, channel="desk", now=now, reason=_reason(run.values))
        if not may(access.roles_of(run.actor), verb.permission):
            _end(run, "stop", NO_LONGER, act)
            return 1
        works: Mapping[str, Callable[[Run, BulkVerb, Act], int]] = {
            State.GATHERING: _gather, State.TRYING: _try_out, State.RUNNING: _do,
        }  # fmt: skip
        return works[run.state](run, verb, act)


def _reason(values: Mapping[str, str]) -> str:
    return str(values.get("reason") or values.get("outcome") or "")


def _gather(run: Run, verb: BulkVerb, act: Act) -> int:
    """The next rows that match the search."""
    picked = ports.read(run.listing, run.search, run.after)
    _add(run, picked.keys)
    run.after = picked.after
    if run.total > MOST_ROWS:
        _end(run, "stop", TOO_MANY, act)
    elif picked.after:
        run.save(update_fields=["after", "total", "failures"])
    elif run.total:
        _move(run, "try_out", act)
    else:
        _end(run, "stop", NOTHING_CHOSEN, act)
    return max(1, len(picked.keys))


def _add(run: Run, keys: Sequence[str]) -> None:
    """Rows by the names that they have; what is none of ours is passed over, what is named twice counts once."""
    named = dict(NAMED[run.listing](list(dict.fromkeys(keys))).values())
    known = set(Row.objects.filter(run=run, key__in=list(named)).values_list("key", flat=True))
    new = [key for key in named if key not in known]
    journal.insert(
        [Row(run=run, place=run.total + place, key=key, label=named[key][:120]) for place, key in enumerate(new, 1)]
    )
    run.total += len(new)


def _try_out(run: Run, verb: BulkVerb, act: Act) -> int:
    """Carry the verb to the next set, see what becomes of it, and take it all back."""
    rows = _next(run, Standing.WAITING)
    with transaction.atomic(), journal.heard() as facts:
        refused = carry(verb, [row.key for row in rows], run.values, act=act)
        telling = said_to([int(row.key) for row in rows], act) if run.listing == "orders" else Counter()
        transaction.set_rollback(True)
    run.telling, run.facts = added(run.telling, telling), counted(run.facts, facts)
    _note(run, rows, refused, Standing.WOULD)
    run.tried, run.would = run.tried + len(rows), run.would + len(rows) - len(refused)
    run.refused += len(refused)
    if run.tried == run.total:
        _move(run, "look_over", act)
    else:
        run.save(update_fields=["tried", "would", "refused", "telling", "facts", "failures"])
    return len(rows)


def _do(run: Run, verb: BulkVerb, act: Act) -> int:
    """Carry the verb to the next set of those that it would not be refused for when it was tried."""
    rows = _next(run, Standing.WOULD)
    refused = carry(verb, [row.key for row in rows], run.values, act=act)
    _note(run, rows, refused, Standing.DONE)
    run.done, run.refused = run.done + len(rows) - len(refused), run.refused + len(refused)
    if run.done + run.refused == run.tried:
        _end(run, "finish", None, act)
    else:
        run.save(update_fields=["done", "refused", "failures"])
    return max(1, len(rows))


def _next(run: Run, standing: Standing) -> list[Row]:
    return list(Row.objects.filter(run=run, standing=standing).order_by("place")[:IN_A_SET])


def _note(run: Run, rows: Sequence[Row], refused: Mapping[str, Refusal], otherwise: Standing) -> None:
    """What became of the rows of a set. One statement."""
    if not rows:
        return
    values = []
    for row in rows:
        why = rules.of_row(refused[row.key], row.label) if row.key in refused else None
        told = (Standing.REFUSED.value, why.code, why.sentence, why.next_step) if why else (otherwise.value, "", "", "")
        values.append((run.pk, row.place, *told))
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, columns(values))


_NOTE = """
UPDATE bulk_row r SET standing = v.standing, code = v.code, says = v.says, "do" = v.do_next
FROM unnest(%b::bigint[], %b::int[], %b::text[], %b::text[], %b::text[], %b::text[])
    AS v(run_id, place, standing, code, says, do_next)
WHERE r.run_id = v.run_id AND r.place = v.place
"""


def _locked(run_id: int) -> Run:
    run = Run.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        raise Refused(NO_RUN)
    return run


def _end(run: Run, verb: str, because: Refusal | None, act: Act) -> None:
    if because is not None:
        run.because = f"{because.sentence} {because.next_step}"
    _move(run, verb, act, ended_at=act.at)


def _move(run: Run, verb: str, act: Act, **also: Any) -> None:
    """To the next state, with all that the row has counted."""
    kept = {
        name: getattr(run, name)
        for name in ("after", "total", "tried", "would", "done", "refused", "failures", "because")
    }
    Run.objects.filter(pk=run.pk).update(telling=run.telling, facts=run.facts, **kept)
    run.state = journal.move(RUN, Run, {run.pk: run.state}, verb, act=act, also=also, fact=_fact(run))[run.pk]


def _fact(run: Run) -> Callable[[int, str, str], BulkFact | None]:
    def fact(run_id: int, source: str, target: str) -> BulkFact | None:
        if target == State.RUNNING:
            return BulkStarted(run_id=run_id, listing=run.listing, verb=run.verb, rows=run.would)
        if target in RUN.final:
            return BulkEnded(run_id=run_id, verb=run.verb, state=target, done=run.done, refused=run.refused)
        return None

    return fact


def forget(before: datetime, *, limit: int = 100) -> int:
    """Remove runs that were made before an instant; what they did stands in the rows' own stories. Return how many."""
    old = list(Run.objects.filter(made_at__lt=before).order_by("made_at").values_list("pk", flat=True)[:limit])
    Row.objects.filter(run__in=old).delete()
    Run.objects.filter(pk__in=old).delete()
    return len(old)
