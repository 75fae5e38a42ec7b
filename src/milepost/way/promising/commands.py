"""Verbs of promising: promise and revise, and whether a promise is still awaited. A promise is never overwritten."""

from collections.abc import Mapping, Sequence
from datetime import date

from milepost.ground import journal
from milepost.ground.procedures import queries as procedures
from milepost.kernel.acts import Act
from milepost.kernel.ids import new_id
from milepost.way.orders import queries as orders
from milepost.way.promising import queries, rules
from milepost.way.promising.facts import PromiseMade, PromiseRevised
from milepost.way.promising.models import Promise
from milepost.way.promising.words import Basis, Cause, Revision, WantedPromise, Window

_USUALLY = 70
"""The confidence of a revision that nobody reckoned."""


def promise(wanted: Sequence[WantedPromise], *, act: Act) -> None:
    """Give each order its first promise and record PromiseMade (DEL-2)."""
    book = procedures.book()
    rows = [_first(one, *rules.first_window(one, book.promising, book.calendar(), now=act.at), act) for one in wanted]
    with journal.together():
        journal.insert(rows)
        journal.record([_made(row) for row in rows], act=act)


def _first(one: WantedPromise, window: Window, basis: str, confidence: int, act: Act) -> Promise:
    return Promise(
        id=new_id(), order_id=one.order_id, sequence=1, earliest_on=window.earliest_on, latest_on=window.latest_on,
        latest_at=window.latest_at, basis=basis, confidence=confidence, made_at=act.at, made_by=act.actor,
        awaited=not act.history,
    )  # fmt: skip


def _made(row: Promise) -> PromiseMade:
    return PromiseMade(
        order_id=row.order_id, promise_id=row.id, earliest_on=row.earliest_on, latest_on=row.latest_on,
        latest_at=row.latest_at, basis=row.basis,
    )  # fmt: skip


def promise_again(wanted: Sequence[WantedPromise], *, act: Act) -> None:
    """Let promises follow stock and supply as they are now; what stands as well is kept. Orders never promised are passed over."""
    book = procedures.book()
    with journal.together():
        standing = queries.standing([one.order_id for one in wanted])
        found = {
            one.order_id: rules.from_stock(standing[one.order_id], one, book.promising, book.calendar(), now=act.at)
            for one in wanted
            if one.order_id in standing
        }
        revise(
            [
                Revision(
                    order_id=key, earliest_on=new[0].earliest_on, latest_on=new[0].latest_on, basis=new[1],
                    cause=_cause(new[0], standing[key].now.latest_on, new[1]),
                )
                for key, new in found.items()
                if new
            ],
            act=act,
        )  # fmt: skip


def _cause(window: Window, was_latest_on: date, basis: Basis) -> Cause:
    """Sooner, because what was missing is or will be here; later, because its supply is."""
    if window.latest_on > was_latest_on:
        return Cause.SUPPLY
    return Cause.STOCK_ARRIVED if basis is Basis.STOCK else Cause.NONE


def revise(revisions: Sequence[Revision], *, act: Act) -> None:
    """Add a new promise with its cause for each order whose date changes; the last one stands (EXC-2).

    A revision to the very window that stands is dropped: the customer was told that already.
    """
    with journal.together():
        order_ids = sorted({revision.order_id for revision in revisions})
        zones = {order_id: contact.zone for order_id, contact in orders.contacts(order_ids).items()}
        standing = {
            row.order_id: row
            for row in Promise.objects.select_for_update()
            .filter(order_id__in=order_ids, stands=True)
            .order_by("order_id")
        }
        pairs = [(_next(r, standing, zones, act), standing[r.order_id]) for r in _changing(revisions, standing)]
        Promise.objects.filter(id__in=[before.id for _, before in pairs]).update(stands=False)
        journal.insert([row for row, _ in pairs])
        journal.record([_revised(row, before) for row, before in pairs], act=act)


def _changing(revisions: Sequence[Revision], standing: Mapping[int, Promise]) -> list[Revision]:
    latest = {revision.order_id: revision for revision in revisions}
    return [r for r in latest.values() if r.order_id in standing and standing[r.order_id].latest_on != r.latest_on]


def _next(revision: Revision, standing: Mapping[int, Promise], zones: Mapping[int, str], act: Act) -> Promise:
    before = standing[revision.order_id]
    earliest_on = revision.earliest_on or min(before.earliest_on, revision.latest_on)
    if revision.latest_on > before.latest_on:
        earliest_on = revision.earliest_on or revision.latest_on
    window = rules.window_between(earliest_on, revision.latest_on, zones[revision.order_id])
    return Promise(
        id=new_id(), order_id=revision.order_id, sequence=before.sequence + 1, earliest_on=window.earliest_on,
        latest_on=window.latest_on, latest_at=window.latest_at, basis=revision.basis, cause=revision.cause,
        confidence=_USUALLY if revision.confidence is None else revision.confidence, explanation=revision.explanation,
        made_at=act.at, made_by=act.actor, awaited=before.awaited,
    )  # fmt: skip


def _revised(row: Promise, before: Promise) -> PromiseRevised:
    return PromiseRevised(
        order_id=row.order_id, promise_id=row.id, earliest_on=row.earliest_on, latest_on=row.latest_on,
        latest_at=row.latest_at, was_latest_on=before.latest_on, cause=row.cause, basis=row.basis,
    )  # fmt: skip


def stop_awaiting(order_ids: Sequence[int], *, act: Act) -> None:
    """These orders arrived, or will not come: what was promised is looked after no more. One statement."""
    Promise.objects.filter(order_id__in=list(order_ids), stands=True, awaited=True).update(awaited=False)


def await_again(order_ids: Sequence[int], *, act: Act) -> None:
    """These orders are still to come after all. One statement."""
    Promise.objects.filter(order_id__in=list(order_ids), stands=True, awaited=False).update(awaited=True)
