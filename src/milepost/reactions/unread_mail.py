"""What follows from a message that nobody can read: its sender, a customer, is asked to send it in another form (REC-1)."""

from milepost.ground.arrivals import queries as arrivals
from milepost.ground.journal.commands import Handler
from milepost.ground.notices import commands as notices
from milepost.ground.notices.words import Channel, WantedNotice
from milepost.ground.procedures.words import CUSTOMER
from milepost.kernel.acts import Act
from milepost.kernel.facts import Fact
from milepost.way.intake.facts import MailNotRead

UNREADABLE_MAIL = "unreadable_mail"


def ask_again(facts: list[MailNotRead], act: Act) -> None:
    """One message for each original, however often it is tried again."""
    came = arrivals.received_at([fact.arrival_id for fact in facts])
    notices.plan(
        [
            WantedNotice(
                filed_at=came[fact.arrival_id], order_id=None, template=UNREADABLE_MAIL, milestone=f"unreadable:{fact.arrival_id}",
                audience=CUSTOMER, recipient_key=f"customer:{fact.customer_id}", channel=Channel.EMAIL,
                because=type(fact).__name__, data=fact.data().decode(), lasting=True,
            )
            for fact in facts if fact.arrival_id in came
        ],
        act=act,
    )  # fmt: skip


FOLLOWS: dict[type[Fact], tuple[Handler, ...]] = {MailNotRead: (ask_again,)}
