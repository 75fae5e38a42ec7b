"""Remember what the columns of a sender's files mean; the next file of theirs is read by it, however it comes (REC-3)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict

from django.db import IntegrityError, transaction
from django.db.models import Max

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.kernel.ids import new_id
from milepost.kernel.refusals import Refusal, Refused, refuse_any
from milepost.way.intake.documents import TABLE, layout_card
from milepost.way.intake.models import SenderLayout
from milepost.way.intake.naming import sender_key
from milepost.way.intake.ports import reader
from milepost.way.intake.words import IGNORED, Layout, LayoutCard

OVERTAKEN = Refusal(
    code="changed_meanwhile", says="Somebody else said at the same time what this sender's columns mean.",
    do="Look at it again.", status=409,
)  # fmt: skip


def remember_layout(sender: str, layout: Layout, *, act: Act) -> LayoutCard:
    """Keep a layout as the next version for a sender. Refuses `column_unknown` and `column_twice`. Two statements."""
    refuse_any(_wrong(layout))
    who = sender_key(sender)
    try:
        with transaction.atomic():
            latest = SenderLayout.objects.filter(sender=who, form=TABLE).aggregate(Max("version"))["version__max"]
            row = SenderLayout(
                id=new_id(),
                sender=who,
                form=TABLE,
                version=(latest or 0) + 1,
                layout=asdict(layout),
                by=act.actor,
                at=act.at,
            )
            journal.insert([row])
    except IntegrityError as overtaken:
        raise Refused(OVERTAKEN) from overtaken
    return layout_card(row)


def _wrong(layout: Layout) -> Iterator[Refusal]:
    known = {column.name for column in reader("csv").columns()}
    for heading, name in layout.columns.items():
        if name != IGNORED and name not in known:
            yield Refusal(
                code="column_unknown", says="There is no column {name}.", do="Choose one of the list.", field=heading,
                values={"name": name},
            )  # fmt: skip
    for name, times in Counter(layout.columns.values()).items():
        if times > 1 and name != IGNORED:
            yield Refusal(
                code="column_twice", says="Two of their columns cannot both be {name}.", do="Choose one of them.", field=name,
                values={"name": name},
            )  # fmt: skip
