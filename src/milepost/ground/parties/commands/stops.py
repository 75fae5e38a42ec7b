"""Addresses to which nothing more goes on a channel, and those to which it does again."""

from collections.abc import Sequence

from milepost.ground import journal
from milepost.ground.parties.facts import ChannelResumed, ChannelStopped
from milepost.ground.parties.models import ChannelStop
from milepost.ground.parties.queries import open_stops
from milepost.ground.parties.rules import address_key, as_written
from milepost.ground.parties.words import StopReason
from milepost.kernel.acts import Act

DETAIL = 200  # characters that a row keeps of it


def stop_channel(channel: str, addresses: Sequence[str], *, reason: StopReason, act: Act, detail: str = "") -> None:
    """Let nothing more go to these addresses on this channel, from now on; what is stopped already stays as it is.

    `detail` are the other side's words, without personal data. What no address can be read from is passed over. Two statements.
    """
    wanted = {as_written(channel, one): address_key(channel, one) for one in addresses if address_key(channel, one)}
    rows = [
        (channel, address, key, str(reason), detail[:DETAIL], act.at, act.actor) for address, key in sorted(wanted.items())
    ]  # fmt: skip
    if not rows:
        return
    with journal.together():
        made = sorted(number for (number,) in journal.returned(_STOP, rows))
        journal.record([ChannelStopped(stop_id=one, channel=channel, reason=reason) for one in made], act=act)


_STOP = """
INSERT INTO parties_channel_stop (channel, address, key, reason, detail, stopped_at, stopped_by, lifted_by, lifted_because)
SELECT w.*, '', '' FROM unnest(%b::text[], %b::text[], %b::text[], %b::text[], %b::text[], %b::timestamptz[], %b::text[]) AS w
ON CONFLICT DO NOTHING RETURNING id
"""


def resume_channel(channel: str, addresses: Sequence[str], *, act: Act) -> int:
    """Let messages go to these addresses again, for the reason of the act; how many stops were lifted."""
    with journal.together():
        ids = {stop.id for stop in open_stops([(channel, one) for one in addresses]).values()}
        locked = ChannelStop.objects.select_for_update().filter(pk__in=ids, lifted_at=None).order_by("pk")
        lifted = list(locked.values_list("pk", flat=True))
        ChannelStop.objects.filter(pk__in=lifted).update(
            lifted_at=act.at, lifted_by=act.actor, lifted_because=act.reason[:DETAIL]
        )
        journal.record([ChannelResumed(stop_id=one, channel=channel) for one in lifted], act=act)
    return len(lifted)
