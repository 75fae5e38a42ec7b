"""Who got a message wants no more of its kind; it counts from that instant (NTF-1; RFC 8058)."""

from uuid import UUID

from milepost.ground.notices.people import addressee
from milepost.ground.notices.words import Addressee
from milepost.ground.parties import commands as parties
from milepost.ground.parties.words import ConsentClass, ConsentDraft, ConsentSource, StopReason
from milepost.ground.procedures.queries import book
from milepost.ground.procedures.words import DEFAULT
from milepost.kernel.acts import Act


def unsubscribe(notice_id: UUID, *, source: ConsentSource, act: Act) -> Addressee | None:
    """A customer withdraws their consent to the class of the message on its channel; anybody else gets nothing more on it.

    Who that was; None where the message is not there any more. To say it twice changes nothing.
    """
    found = addressee(notice_id)
    if found is None:
        return None
    if found.customer_id is not None:
        wanted = ConsentDraft(
            customer_id=found.customer_id, consent_class=ConsentClass(found.category), channel=found.channel, source=source,
            wording_version=book().versions.get(("consent", DEFAULT), 0),
        )  # fmt: skip
        parties.withdraw_consent([wanted], act=act)
    elif found.address:
        parties.stop_channel(found.channel, [found.address], reason=StopReason.OPTED_OUT, act=act)
    return found
