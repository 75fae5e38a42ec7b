"""What follows from a customer's wish to sign in, to see all behind a link, or to have a link again: a message goes out at once, by
the outbox as every message (ROL-1, TRK-3)."""

from collections.abc import Sequence

from milepost.ground.access.facts import CodeAsked, LinkAsked, OpeningAsked
from milepost.ground.journal.commands import Handler
from milepost.ground.notices import commands as notices
from milepost.ground.notices.words import Channel, WantedNotice
from milepost.ground.procedures.words import CUSTOMER
from milepost.kernel.acts import Act
from milepost.kernel.facts import Fact

SIGN_IN_CODE, ORDER_LINK, LINK_CODE = "sign_in_code", "order_link", "link_code"


def send_code(facts: list[CodeAsked], act: Act) -> None:
    """Plan the message for every address alike; who writes it finds out whether a customer has the address."""
    _plan(SIGN_IN_CODE, facts, act)


def send_link(facts: list[LinkAsked], act: Act) -> None:
    """Plan the message whatever was typed; who writes it finds out whether there is such an order of this address."""
    _plan(ORDER_LINK, facts, act)


def send_code_to_open(facts: list[OpeningAsked], act: Act) -> None:
    """Plan the message to the order's own contact, on the channel that was chosen."""
    _plan(LINK_CODE, facts, act)


def _plan(template: str, facts: Sequence[CodeAsked | LinkAsked | OpeningAsked], act: Act) -> None:
    notices.plan(
        [
            WantedNotice(
                filed_at=act.recorded_at, order_id=None, template=template, milestone=f"sign_in:{fact.sign_in_id}",
                audience=CUSTOMER, recipient_key=f"sign_in:{fact.sign_in_id}",
                channel=fact.channel if isinstance(fact, OpeningAsked) else Channel.EMAIL, because=type(fact).__name__,
                data=fact.data().decode(), lasting=True,
            )
            for fact in facts
        ],
        act=act,
    )  # fmt: skip


FOLLOWS: dict[type[Fact], tuple[Handler, ...]] = {
    CodeAsked: (send_code,),
    LinkAsked: (send_link,),
    OpeningAsked: (send_code_to_open,),
}
