"""Repair what the audit of notices finds and what can be repaired by itself; what left wrongly becomes a person's duty (NTF-4)."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter

from milepost.ground import journal
from milepost.ground.duties import commands as duties
from milepost.ground.duties.words import Wanted
from milepost.ground.journal import queries as stories
from milepost.kernel.acts import Act
from milepost.kernel.facts import Fact, kinds
from milepost.overview.records.audits import claims, trackers
from milepost.overview.records.audits.notices import ANNOUNCED
from milepost.overview.records.words import Breach
from milepost.reactions import links as link_duties
from milepost.reactions import notices
from milepost.way.tracking import commands as tracking
from milepost.way.tracking.facts import LinkBroken
from milepost.way.tracking.links.commands import look_now

Repair = Callable[[Sequence[Breach], Act], int]


def repair(breaches: Sequence[Breach], *, act: Act) -> dict[str, int]:
    """Repair what can be; how many breaches of each rule were seen to. Rules without a repair are left to people."""
    by_rule: dict[str, list[Breach]] = defaultdict(list)
    for breach in breaches:
        by_rule[breach.rule].append(breach)
    done = {}
    for rule, several in by_rule.items():
        if rule in REPAIRS:
            with journal.together():
                done[rule] = REPAIRS[rule](several, act)
    return done


def plan_anew(breaches: Sequence[Breach], act: Act) -> int:
    """Plan the missing message from the fact itself; before it leaves, it is re-checked as every message."""
    stories_of = {order_id: _facts(order_id) for order_id in sorted({b.order_id for b in breaches if b.order_id})}
    facts: dict[type[Fact], list[Fact]] = defaultdict(list)
    for order_id, sequence in sorted({(b.order_id or 0, int(b.about["sequence"])) for b in breaches}):
        fact = stories_of.get(order_id, {}).get(sequence)
        if fact is not None:
            facts[type(fact)].append(fact)
    for several in facts.values():
        notices.tell(several, act)
    return sum(map(len, facts.values()))


def _facts(order_id: int) -> Mapping[int, Fact]:
    known = kinds()
    return {
        told.sequence: _adapter(told.kind).validate_python(told.data)
        for told in stories.story(order_id)
        if told.kind in known
    }


@lru_cache(maxsize=256)
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(kinds()[kind])


def tell_people(breaches: Sequence[Breach], act: Act) -> int:
    """What left cannot be called back: a person writes to the customer."""
    duties.open_duties(
        [
            Wanted(
                kind="check_notice", order_id=breach.order_id, subject_kind="notice", subject_id=str(breach.about["notice_id"]),
                says=f"{breach.says} Look at it, and put it right with the customer.",
            )
            for breach in breaches
        ],
        act=act,
    )  # fmt: skip
    return len(breaches)


def track(breaches: Sequence[Breach], act: Act) -> int:
    """Parcels that nobody tracks are tracked from now on, and what carriers said of them meanwhile is worked on."""
    tracking.expect([(b.about["parcel_id"], b.about["shipment_id"], b.order_id or 0) for b in breaches], act=act)
    tracking.wake_waiting([b.about["tracking_number"] for b in breaches], act=act)
    return len(breaches)


def drop_trackers(breaches: Sequence[Breach], act: Act) -> int:
    """Trackers of no parcel that heard nothing are removed; one that heard something is left to a person."""
    return tracking.drop([b.about["parcel_id"] for b in breaches if not b.about["events"]], act=act)


def have_links_repaired(breaches: Sequence[Breach], act: Act) -> int:
    """A broken link gets its duty."""
    facts = [
        LinkBroken(
            order_id=b.order_id or 0,
            parcel_id=b.about["parcel_id"],
            carrier=b.about["carrier"],
            found=b.about["detail"],
        )
        for b in breaches
    ]
    link_duties.have_repaired(facts, act)
    return len(facts)


def look_again(breaches: Sequence[Breach], act: Act) -> int:
    """Links that were not looked at in time are looked at next."""
    return look_now([b.about["parcel_id"] for b in breaches], act=act)


REPAIRS: Mapping[str, Repair] = {
    ANNOUNCED: plan_anew,
    **dict.fromkeys((check.rule for check in claims.CHECKS), tell_people),
    trackers.TRACKED.rule: track,
    trackers.NO_ORPHANS.rule: drop_trackers,
    trackers.LINKS_ALIVE.rule: have_links_repaired,
    trackers.LINKS_FRESH.rule: look_again,
}
