"""Settle: what was doubtful is clarified with the customer, and the outcome is on record (VER-3)."""

from collections.abc import Sequence

from milepost.ground import journal
from milepost.ground.procedures import queries as procedures
from milepost.kernel.acts import Act
from milepost.way.intake.facts import FindingSettled
from milepost.way.intake.models import FindingRow


def settle(order_ids: Sequence[int], hold: str, *, answer: str, act: Act) -> None:
    """Record how the open findings behind a hold were clarified with the customer (VER-3)."""
    checks = {rule.check for rule in procedures.book().verification if rule.hold == hold}
    with journal.together():
        rows = list(FindingRow.objects.filter(order_id__in=order_ids, check_name__in=checks, settled_at=None))
        FindingRow.objects.filter(id__in=[row.id for row in rows]).update(
            settled_at=act.at, settled_by=act.actor, answer=answer
        )
        journal.record(
            [FindingSettled(order_id=row.order_id, finding_id=row.id, field=row.field) for row in rows], act=act
        )
