"""Remember which items of ours a sender's own numbers mean; their next document is read by it, however it comes (REC-3)."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.db.models import Max

from milepost.ground import journal
from milepost.ground.catalog import queries as catalog
from milepost.kernel.acts import Act
from milepost.kernel.ids import new_id
from milepost.kernel.refusals import Refusal, Refused, refuse_any
from milepost.way.intake.commands.layouts import OVERTAKEN
from milepost.way.intake.models import SenderNumber
from milepost.way.intake.naming import sender_key

UNKNOWN = Refusal(
    code="unknown_item",
    says="There is no item {code} in the catalogue.",
    do="Give the code of an item that is listed.",
    field="code",
)


def remember_numbers(sender: str, codes: Mapping[str, str], *, act: Act) -> None:
    """Keep that these numbers of a sender mean the items of these codes; what was said before stays on record.

    Refuses `unknown_item`. Three statements.
    """
    items = catalog.by_typed_code(sorted(set(codes.values())))
    refuse_any(
        Refusal(code=UNKNOWN.code, says=UNKNOWN.says, do=UNKNOWN.do, field=number, values={"code": code})
        for number, code in codes.items() if code not in items
    )  # fmt: skip
    who = sender_key(sender)
    try:
        with transaction.atomic():
            said = (
                SenderNumber.objects.filter(sender=who, number__in=list(codes))
                .values_list("number")
                .annotate(Max("version"))
            )
            before = dict(said)
            journal.insert(
                [
                    SenderNumber(
                        id=new_id(), sender=who, number=number, code=items[code].code, version=before.get(number, 0) + 1,
                        by=act.actor, at=act.at,
                    )
                    for number, code in codes.items()
                ]
            )  # fmt: skip
    except IntegrityError as overtaken:
        raise Refused(OVERTAKEN) from overtaken
