"""What follows from a customer's wish to sign in: the code goes out at once, by the outbox as every message (ROL-1)."""

from milepost.ground.access.facts import CodeAsked
from milepost.ground.journal.commands import Handler
from milepost.ground.notices import commands as notices
from milepost.ground.notices.words import Channel, WantedNotice
from milepost.ground.procedures.words import CUSTOMER
from milepost.kernel.acts import Act
from milepost.kernel.facts import Fact

SIGN_IN_CODE = "sign_in_code"


def send_code(facts: list[CodeAsked], act: Act) -> None:
    """Plan the message for every address alike; who writes it finds out whether a customer has the address."""
    notices.plan(
        [
            WantedNotice(
                filed_at=act.recorded_at, order_id=None, template=SIGN_IN_CODE, milestone=f"sign_in:{fact.sign_in_id}",
                audience=CUSTOMER, recipient_key=f"sign_in:{fact.sign_in_id}", channel=Channel.EMAIL, because=type(fact).__name__,
                data=fact.data().decode(), lasting=True,
            )
            for fact in facts
        ],
        act=act,
    )  # fmt: skip


FOLLOWS: dict[type[Fact], tuple[Handler, ...]] = {CodeAsked: (send_code,)}
