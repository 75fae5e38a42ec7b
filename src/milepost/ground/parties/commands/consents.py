"""What customers want to hear: each statement is a row of its own, and the last one counts from its instant on."""

from collections.abc import Sequence

from milepost.ground import journal
from milepost.ground.parties.commands.customers import NO_CUSTOMER
from milepost.ground.parties.facts import ConsentGiven, ConsentWithdrawn
from milepost.ground.parties.models import Consent, Customer
from milepost.ground.parties.words import ConsentDraft
from milepost.kernel.acts import Act
from milepost.kernel.refusals import refuse_any


def give_consent(drafts: Sequence[ConsentDraft], *, act: Act) -> None:
    """They want messages of these classes on these channels. Refuses `no_customer`."""
    _say(drafts, given=True, act=act)


def withdraw_consent(drafts: Sequence[ConsentDraft], *, act: Act) -> None:
    """They want no more of these; nothing that is not yet handed over leaves. Refuses `no_customer`."""
    _say(drafts, given=False, act=act)


def _say(drafts: Sequence[ConsentDraft], *, given: bool, act: Act) -> None:
    """Add what is said anew; what was said before in the same words is not said again. Statements: constant."""
    with journal.together():
        said = _last(drafts)
        news = [one for one in drafts if said.get(_about(one)) != (given, one.wording_version)]
        if not news:
            return
        Consent.objects.bulk_create(
            Consent(
                customer_id=one.customer_id, consent_class=one.consent_class, channel=one.channel, given=given,
                source=one.source, wording_version=one.wording_version, at=act.at, by=act.actor,
            )
            for one in news
        )  # fmt: skip
        fact = ConsentGiven if given else ConsentWithdrawn
        journal.record(
            [
                fact(
                    customer_id=one.customer_id, consent_class=one.consent_class, channel=one.channel, source=one.source,
                    wording_version=one.wording_version,
                )
                for one in news
            ],
            act=act,
        )  # fmt: skip


def _about(draft: ConsentDraft) -> tuple[int, str, str]:
    return draft.customer_id, draft.consent_class, draft.channel


def _last(drafts: Sequence[ConsentDraft]) -> dict[tuple[int, str, str], tuple[bool, int]]:
    """What these customers have said last; they say one thing after the other, so nothing is overtaken meanwhile."""
    ids = {one.customer_id for one in drafts}
    known = (
        Customer.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk", flat=True)
    )
    found = set(known)
    refuse_any(NO_CUSTOMER.at(index=place) for place, one in enumerate(drafts) if one.customer_id not in found)
    rows = Consent.objects.filter(customer_id__in=ids).order_by("customer_id", "consent_class", "channel", "-id")
    fields = ("customer_id", "consent_class", "channel", "given", "wording_version")
    last = rows.distinct("customer_id", "consent_class", "channel").values_list(*fields)
    return {(customer, kind, channel): (given, version) for customer, kind, channel, given, version in last}
