"""What follows for tracking links: built at hand-over, and somebody's duty while they lead nowhere (TRK-4)."""

from milepost.ground.duties import commands as duties
from milepost.ground.duties.words import Subject, Wanted
from milepost.ground.journal.commands import Handler
from milepost.kernel.acts import Act
from milepost.kernel.facts import Fact
from milepost.way.fulfilment.facts import LabelCorrected, ShipmentShipped
from milepost.way.tracking.facts import LinkBroken, LinkSettled
from milepost.way.tracking.links import commands as links
from milepost.way.tracking.links import queries as known

REPAIR, SUBJECT = "repair_link", "carrier_links"


def build(facts: list[ShipmentShipped], act: Act) -> None:
    """Each parcel gets its carrier's page, to be looked at before its customer is sent there."""
    links.build_links([parcel for fact in facts for parcel in fact.parcel_ids], act=act)


def build_anew(facts: list[LabelCorrected], act: Act) -> None:
    """Another number or carrier has another page."""
    links.build_links([fact.parcel_id for fact in facts], act=act)


def have_repaired(facts: list[LinkBroken], act: Act) -> None:
    """One duty for a carrier, however many of its pages are gone."""
    found = {fact.carrier: fact for fact in reversed(facts)}
    duties.open_duties(
        [
            Wanted(
                kind=REPAIR, subject_kind=SUBJECT, subject_id=carrier,
                says=f"Tracking links of {carrier} lead nowhere ({fact.found}): repair the carrier’s address, or its numbers.",
                data={"carrier": carrier, "parcel_id": fact.parcel_id, "order_id": fact.order_id, "found": fact.found},
            )
            for carrier, fact in sorted(found.items())
        ],
        act=act,
    )  # fmt: skip


def be_content(facts: list[LinkSettled], act: Act) -> None:
    """No link of the carrier leads nowhere any more."""
    carriers = {fact.carrier for fact in facts}
    settled = sorted(carriers - known.carriers_with_broken_links(carriers))
    if settled:
        subjects = [Subject(SUBJECT, carrier) for carrier in settled]
        duties.close_duties([REPAIR], subjects=subjects, outcome="the links work again", act=act)


FOLLOWS: dict[type[Fact], tuple[Handler, ...]] = {
    ShipmentShipped: (build,),
    LabelCorrected: (build_anew,),
    LinkBroken: (have_repaired,),
    LinkSettled: (be_content,),
}
