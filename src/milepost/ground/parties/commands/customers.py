"""Verbs of parties: register and correct customers, block them, and put suppliers and carriers on record."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction

from milepost.ground import journal
from milepost.ground.parties.facts import CreditSet, CustomerBlocked, CustomerCorrected, CustomerUnblocked
from milepost.ground.parties.models import Carrier, Customer, Supplier
from milepost.ground.parties.rules import OnRecord, Person, match, tidied
from milepost.ground.parties.words import CarrierDraft, CustomerDraft, SupplierDraft
from milepost.kernel.acts import Act
from milepost.kernel.columns import columns
from milepost.kernel.refusals import Refusal, Refused, refuse_any

NO_CUSTOMER = Refusal(code="no_customer", says="There is no such customer.", do="Search for them again.", status=404)
TAKEN = Refusal(
    code="taken", says="Another customer has this reference or e-mail address.", do="Look at that customer.", status=409
)
TOO_LONG = Refusal(code="too_long", says="The {name} has more than {most} characters.", do="Shorten it.")
NO_REASON = Refusal(code="no_reason", says="A reason is needed.", do="Say why in a few words.", field="reason")
BAD_LIMIT = Refusal(
    code="bad_limit",
    says="A credit limit is 0 or more with two decimals at most, in one currency.",
    do="Check the amount, and name the currency by its three letters.",
    field="limit",
)
OVERTAKEN = Refusal(
    code="changed_meanwhile",
    says="The same customers were registered by others meanwhile.",
    do="Try again.",
    status=409,
)
LONGEST = {"external_ref": 100, "email": 254, "name": 200, "phone": 40, "language": 16, "zone": 64}
ATTEMPTS = 5


def register(customers: Sequence[CustomerDraft], *, act: Act) -> list[int]:
    """The ids of these customers in their order; those that are not known yet are put on record (VER-2).

    A customer is found by external reference, else by e-mail address, whatever its case. Somebody with an address on
    record but no reference gets the reference; somebody with another reference is another customer. What is on record
    otherwise stays: an order that says something else is a matter of verification. Who gives neither is new each time.
    One statement when all are known, two when some are new. Refuses `too_long`.
    """
    people = [tidied(one) for one in customers]
    refuse_any(_too_long(people))
    with journal.together():
        for _ in range(ATTEMPTS):
            matches = match(people, _on_record(people))
            made = _make(matches.new, act)
            if made is not None and _adopt(matches.adopted):
                return [number or made[place] for number, place in zip(matches.ids, matches.new_at, strict=True)]
    raise Refused(OVERTAKEN)


def _too_long(people: Sequence[Person]) -> Iterator[Refusal]:
    for index, person in enumerate(people):
        for name, most in LONGEST.items():
            if len(getattr(person, name)) > most:
                yield replace(TOO_LONG, index=index, field=f"customer.{name}", values={"name": name, "most": most})


def _on_record(people: Sequence[Person]) -> list[OnRecord]:
    refs = sorted({person.external_ref for person in people if person.external_ref})
    emails = sorted({person.email for person in people if person.email})
    if not refs and not emails:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [refs, emails])
        return [OnRecord(*row) for row in cursor.fetchall()]


_FIND = """
SELECT id, external_ref, email FROM parties_customer WHERE external_ref <> '' AND external_ref = ANY(%b::text[])
UNION SELECT id, external_ref, email FROM parties_customer WHERE email <> '' AND email = ANY(%b::text[])
"""


def _make(new: Sequence[Person], act: Act) -> list[int] | None:
    """Ids of the new people in their order; None when somebody else has registered one of them meanwhile.

    They are inserted in one fixed order, so that two processes wait for each other but never in a circle.
    """
    if not new:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [act.at, *columns(sorted(new))])
        ids = defaultdict(list)
        for number, *person in cursor.fetchall():
            ids[Person(*person)].append(number)
    if sum(map(len, ids.values())) < len(new):
        return None
    return [ids[person].pop() for person in new]


_INSERT = """
INSERT INTO parties_customer (blocked_because, created_at, external_ref, email, name, phone, language, zone)
SELECT '', %s, new.* FROM unnest(%b::text[], %b::text[], %b::text[], %b::text[], %b::text[], %b::text[]) AS new
ON CONFLICT DO NOTHING RETURNING id, external_ref, email, name, phone, language, zone
"""


def _adopt(references: Mapping[int, str]) -> bool:
    """Give references to customers who had none; False when one of them was given to somebody else meanwhile."""
    if not references:
        return True
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_ADOPT, [list(references), list(references.values())])
            return bool(cursor.rowcount == len(references))
    except IntegrityError:
        return False


_ADOPT = """
UPDATE parties_customer c SET external_ref = given.ref FROM unnest(%b::bigint[], %b::text[]) AS given(id, ref)
WHERE c.id = given.id AND c.external_ref = ''
"""


def correct(customer_id: int, changes: Mapping[str, str], *, act: Act) -> None:
    """Put right what is on record of a customer: name, email, phone, language, zone, external_ref.

    Records CustomerCorrected with the names of the fields. Refuses `no_customer`, `taken`, `too_long`.
    """
    with transaction.atomic():
        row = _locked(customer_id)
        draft = CustomerDraft(**{name: getattr(row, name) for name in LONGEST} | dict(changes))
        person = tidied(draft)
        refuse_any(_too_long([person]))
        changed = [name for name in LONGEST if getattr(row, name) != getattr(person, name)]
        for name in changed:
            setattr(row, name, getattr(person, name))
        if not changed:
            return
        try:
            with transaction.atomic():
                row.save(update_fields=changed)
        except IntegrityError as taken:
            raise Refused(TAKEN) from taken
        journal.record([CustomerCorrected(customer_id=row.pk, fields=tuple(changed))], act=act)


def block(customer_id: int, *, act: Act) -> None:
    """Let no order of this customer go on by itself, with the reason of the act. Refuses `no_customer`, `no_reason`."""
    refuse_any([] if act.reason else [NO_REASON])
    with transaction.atomic():
        row = _locked(customer_id)
        row.blocked_at, row.blocked_because = act.at, act.reason
        row.save(update_fields=["blocked_at", "blocked_because"])
        journal.record([CustomerBlocked(customer_id=row.pk)], act=act)


def unblock(customer_id: int, *, act: Act) -> None:
    """Let this customer order again. Refuses `no_customer`."""
    with transaction.atomic():
        row = _locked(customer_id)
        row.blocked_at, row.blocked_because = None, ""
        row.save(update_fields=["blocked_at", "blocked_because"])
        journal.record([CustomerUnblocked(customer_id=row.pk)], act=act)


def set_credit(customer_id: int, limit: Decimal | None, currency: str = "", *, act: Act) -> None:
    """Say how much the customer's open orders may come to, in one currency; None: without limit. Refuses `no_customer`,
    `bad_limit`."""
    if limit is not None and (not limit.is_finite() or limit < 0 or limit != round(limit, 2) or len(currency) != 3):
        raise Refused(BAD_LIMIT)
    with transaction.atomic():
        row = _locked(customer_id)
        row.credit_limit, row.credit_currency = limit, currency.upper() if limit is not None else ""
        row.save(update_fields=["credit_limit", "credit_currency"])
        journal.record([CreditSet(customer_id=row.pk, limit=limit, currency=row.credit_currency)], act=act)


def lock(customer_ids: Sequence[int]) -> None:
    """Let nobody else reckon with these customers until the transaction ends. One statement."""
    list(Customer.objects.select_for_update(no_key=True).filter(pk__in=customer_ids).order_by("pk").values_list("pk"))


def _locked(customer_id: int) -> Customer:
    row = Customer.objects.select_for_update().filter(pk=customer_id).first()
    if row is None:
        raise Refused(NO_CUSTOMER)
    return row


def list_suppliers(drafts: Sequence[SupplierDraft]) -> list[int]:
    """Put suppliers on record by their codes, or renew what is there; their ids in order. One statement."""
    fields = ("code", "name", "email", "phone", "language", "zone", "active")
    rows = [Supplier(**{name: getattr(draft, name) for name in fields}) for draft in drafts]
    return [row.pk for row in Supplier.objects.bulk_create(rows, **_renewing(fields))]


def list_carriers(drafts: Sequence[CarrierDraft]) -> list[int]:
    """Put carriers on record by their codes, or renew what is there; their ids in order. One statement."""
    fields = ("code", "name", "in_house", "tracking_url", "phone", "active")
    rows = [Carrier(**{name: getattr(draft, name) for name in fields}) for draft in drafts]
    return [row.pk for row in Carrier.objects.bulk_create(rows, **_renewing(fields))]


def _renewing(fields: Sequence[str]) -> dict[str, Any]:
    return {
        "update_conflicts": True,
        "unique_fields": ["code"],
        "update_fields": [name for name in fields if name != "code"],
    }
