"""What somebody has seen of what is told on their desk."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from milepost.ground.notices.models import Seen, SeenOne
from milepost.kernel.acts import Act


def mark_seen(notice_ids: Collection[UUID], *, staff_id: int, act: Act) -> None:
    """These were seen. One statement."""
    SeenOne.objects.bulk_create(
        [SeenOne(staff_id=staff_id, notice_id=one, at=act.at) for one in sorted(set(notice_ids))], ignore_conflicts=True
    )


def mark_all_seen(*, staff_id: int, act: Act) -> None:
    """Everything told so far was seen, so the single marks are of no use any more."""
    with transaction.atomic():
        Seen.objects.bulk_create(
            [Seen(staff_id=staff_id, until=act.at)],
            update_conflicts=True,
            unique_fields=["staff_id"],
            update_fields=["until"],
        )
        SeenOne.objects.filter(staff_id=staff_id).delete()
